/** Why something waits for a moderator, in words. */
const WHY: Record<string, string> = { first: '首次发言', link: '含外部链接', picture: '含图片', new_member: '新成员', sensitive_word: '含敏感词', author_silenced: '作者不能发言' }

export const whyHeld = (codes: readonly string[] = []): string[] => [...new Set(codes.map((code) => WHY[code] ?? '需要审核'))]
