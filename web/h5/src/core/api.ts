/** The service, as this page speaks to it: one account, the names of its bodies. */
import { clientOf } from '@api/client'
import type { components, paths } from '@api/micro_community'

export { newKey, Refused, understood, Unreachable } from '@api/client'

type Schemas = components['schemas']
export type Post = Schemas['PostView']
/** As a moderator sees it who decides on it. */
export type JudgedPost = Schemas['JudgedPostView']
export type PostPage = Schemas['PostPage']
export type Reply = Schemas['ReplyView']
export type ReplyPage = Schemas['ReplyPage']
export type OwnReply = Schemas['OwnReplyView']
export type OwnReplyPage = Schemas['OwnReplyPage']
export type Author = Schemas['AuthorView']
export type Picture = Schemas['PictureView']
export type Me = Schemas['MemberView']
export type Profile = Schemas['ProfileView']
export type Community = Schemas['CommunityView']
export type Notification = Schemas['NotificationView']
export type Follow = Schemas['FollowView']
export type FollowPage = Schemas['FollowPage']
export type Topic = Schemas['TopicView']
export type Found = Schemas['FoundView']
export type NewPost = Schemas['NewPost']
export type NewReply = Schemas['NewReply']
export type KeptDraft = Schemas['DraftView']
export type Waiting = Schemas['WaitingView']
export type Report = Schemas['ReportView']
export type Act = Schemas['ActView']
export type MutedMember = Schemas['MutedView']
export type Preferences = Schemas['Preferences']

/** `/h5/<account_id>/…`: which community this page shows. */
export const accountId = /^\/h5\/([0-9A-Za-z_-]{1,64})(?:\/|$)/.exec(location.pathname)?.[1] ?? ''
export const base = `/h5/${accountId}/`
export const service = `/community/${accountId}`
export const api = clientOf<paths>({ account_id: accountId })
