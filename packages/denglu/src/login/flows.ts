import type { Clock } from "../clock.ts"
import type { EventHub } from "../events.ts"
import type { Logger } from "../log.ts"
import type { SettledOptions } from "../options.ts"
import type { RandomBytes } from "../random.ts"
import type { AccessTokens } from "../session/access-token.ts"
import type { KeyRing } from "../session/key-ring.ts"
import type { RefreshTokens } from "../session/refresh-token.ts"
import type { RevokedSessions } from "../session/revoked-sessions.ts"
import type { Sealer } from "../session/sealer.ts"
import type { Store } from "../store/store.ts"
import type { Avatars } from "../user/avatars/avatars.ts"
import type { Purger } from "../user/purge.ts"
import type { AccessTokenSource } from "../wechat/access-token.ts"
import type { Caller } from "../wechat/call.ts"
import type { PasswordParts } from "./password/password-parts.ts"
import type { Platforms } from "./platforms.ts"
import type { ScanWatch } from "./scan/scan-watch.ts"

/** What every flow works with. Nothing in here knows of HTTP or of SQL. */
export interface FlowContext {
  readonly options: SettledOptions
  readonly clock: Clock
  readonly random: RandomBytes
  readonly store: Store
  readonly wechat: Caller
  /**
   * The access_token of an app, of our own or one that logs in through a platform. @throws DengluError `app_unknown`, for the latter only when it is
   * asked
   */
  readonly appToken: (appid: string) => AccessTokenSource
  readonly platforms: Platforms
  readonly sealer: Sealer
  readonly keys: KeyRing
  readonly accessTokens: AccessTokens
  readonly refreshTokens: RefreshTokens
  readonly revoked: RevokedSessions
  readonly purger: Purger
  /** `undefined` where no pictures are kept. */
  readonly avatars: Avatars | undefined
  readonly scans: ScanWatch
  /** `undefined` where nobody logs in by password. */
  readonly passwords: PasswordParts | undefined
  readonly events: EventHub
  readonly log: Logger
}
