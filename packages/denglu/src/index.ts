export type { AvatarOptions, KeptAvatarOptions } from "./avatar-options.ts"
export type { BorrowerOptions } from "./borrower-options.ts"
export { createLogin } from "./create-login.ts"
export { type DengluConfig, defineConfig } from "./define-config.ts"
export { DengluError, type DengluErrorFacts, type ErrorCode, errorCodes } from "./errors.ts"
export type { EventListener, EventName, Events, PushMessage } from "./events.ts"
export type { Guard, RequestUser } from "./guard.ts"
export type { FetchHandler, FetchOptions } from "./http/fetch.ts"
export type { HttpReply } from "./http/message.ts"
export type { NodeListener } from "./http/node.ts"
export type { Logger } from "./log.ts"
export type { AuthorizationPage, Authorizer } from "./login/authorize-platform.ts"
export type { SentOpenData } from "./login/open-data.ts"
export type { PlatformAdministration } from "./login/platform-administration.ts"
export type { KeyOwner } from "./login/session-keys.ts"
export type { AppKind, AppOptions, LimitOptions, LoginOptions, WeChatOptions } from "./options.ts"
export type { PlatformAppOptions, PlatformOptions, PlatformPushOptions } from "./platform-options.ts"
export type { PushOptions } from "./push-options.ts"
export type { KnownPhone, KnownUser, Login, Users } from "./running-login.ts"
export type { ScanOptions } from "./scan-options.ts"
export type { AuditFault, AuditHead, AuditVerdict } from "./session/audit-verifier.ts"
export type { VerifiedToken } from "./session/verified-token.ts"
export type { SmsOptions } from "./sms-options.ts"
export { type ConsoleSenderOptions, consoleSender } from "./sms-senders/console-sender.ts"
export { type SendSms, SmsError, type SmsMessage } from "./sms-senders/sender.ts"
export type { AuditActor, AuditEvent, AuditType, EventKey, EventPlace } from "./store/audit-store.ts"
export type {
  Conflict,
  ConflictPage,
  Identity,
  Merge,
  MergePreview,
  OwnedIdentity,
  ResolvedUser,
  Session,
  Store,
  User,
  UserProfile,
} from "./store/store.ts"
export type { AvatarStorage, StoredPicture } from "./user/avatars/avatar-storage.ts"
export type { PurgedUser } from "./user/purge.ts"
export { createVerifier, type Verifier, type VerifierOptions } from "./verifier/create-verifier.ts"
export type { UserKey } from "./wechat/endpoints/getuserencryptkey.ts"
