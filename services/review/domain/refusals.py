"""Why review says no."""

from __future__ import annotations

from kit.refusal import Refusal

SEPARATION_CLAUSE = "§4.3/§6.1"


class AuthorCannotApprove(Refusal):
    """Author, last editor and submitter decide nothing about their own content, in no step and in no capacity."""

    code = "review.author_cannot_approve"
    status = 403
    clause = SEPARATION_CLAUSE
    text = "作者、最后编辑者和送审人不能审核自己的内容，请由流程中的其他责任人审核。"


class DigestMismatch(Refusal):
    """The caller saw other content than what the case is about."""

    code = "review.digest_mismatch"
    clause = "§6.1"
    text = "您看到的内容与当前送审的内容不一致，请刷新后重新查看再作决定。"


class AlreadyDecided(Refusal):
    """The case had its last word."""

    code = "review.case_decided"
    text = "该审核单已经办结，不能再作决定。"


class AlreadyVoided(Refusal):
    """The payload changed or was withdrawn since."""

    code = "review.case_voided"
    clause = "§6.1"
    text = "内容已被修改或撤回，该审核单已作废；如已重新送审，请在待办中处理新的审核单。"


class NobodyToDecide(Refusal):
    """The case has no route to a decision yet."""

    code = "review.case_unroutable"
    clause = "§4.3"
    text = "该审核单还没有可用的审核流程，请所属单位先备案运营流程。"


class NotYourTurn(Refusal):
    """The current step names other persons."""

    code = "review.not_your_turn"
    status = 403
    clause = "§4.3"
    text = "当前步骤不由您审核；轮到您时，该审核单会出现在您的待办中。"


class AlreadySigned(Refusal):
    """The person approved in this step before; the others of the step have not."""

    code = "review.already_signed"
    text = "您在本步骤已经通过，请等待本步骤的其他责任人。"


class StepPassed(Refusal):
    """The caller meant another step than the current one, for instance by a second click."""

    code = "review.step_passed"
    text = "您要办理的步骤已经结束，请刷新后查看当前步骤。"


class RoleNotHeld(Refusal):
    """The process names the person, but registry's roles no longer do."""

    code = "review.role_not_held"
    status = 403
    clause = "§4.3"
    text = "您已不再担任该单位的负责人、运营人员或企宣人员，不能审核；请该单位重新备案运营流程。"


class SendTimePassed(Refusal):
    """The time that is part of the signed content is over: what is late is not sent."""

    code = "review.send_time_passed"
    text = "内容里写明的发送时间已过，不能再通过；请退回，由运营人员改定时间后重新送审。"


class PayloadCorrupt(Refusal):
    """What lies in the store no longer fits the digest: somebody changed it behind our back."""

    code = "review.payload_corrupt"
    clause = "§6.1"
    text = "审核单的存档内容与其摘要不符，已停止审核，请立即联系平台工程师。"
