import { authorizationEvent, authorized } from "../authorizer-rules.ts"
import type {
  AuthorizerRecord,
  KeptAuthorization,
  NewAuthorization,
  PlatformStore,
  PlatformTicket,
} from "../platform-store.ts"
import { recordEvent } from "./audit-events.ts"
import type { Row } from "./rows.ts"
import { type Answer, type Script, type ScriptRunner, statement } from "./script.ts"

/**
 * What is kept of third-party platforms.
 *
 * A row is added in a transaction of its own: where two of MySQL's have found the same row by adding it, both may read it, and neither may change it
 * before the other ends.
 */
export function platformMethods({ write, read }: ScriptRunner): PlatformStore {
  return {
    async keepPlatformTicket(platformAppid, ticket) {
      const renewed = () => write(() => renewTicket(platformAppid, ticket))
      return (await renewed()) || (await write(() => addTicket(platformAppid, ticket))) || (await renewed())
    },
    findPlatformTicket: platformAppid => read(() => findTicket(platformAppid)),
    async keepAuthorizer(authorization) {
      const added = await write(() => addAuthorizer(authorization))
      return added === undefined
        ? write(() => renewAuthorizer(authorization))
        : { isChanged: true, authorizer: added }
    },
    replaceRefreshToken: (platformAppid, appid, expected, sealedRefreshToken) =>
      write(function* () {
        const { affected } = yield statement(
          `UPDATE denglu_authorizers SET sealed_refresh_token = ?
            WHERE appid = ? AND platform_appid = ? AND sealed_refresh_token = ? AND revoked_at IS NULL`,
          sealedRefreshToken,
          appid,
          platformAppid,
          expected,
        )
        return affected === 1
      }),
    revokeAuthorizer: revocation =>
      write(function* () {
        const { platformAppid, appid, revokedAt, tokenName } = revocation
        const { affected } = yield statement(
          `UPDATE denglu_authorizers SET revoked_at = ?, sealed_refresh_token = NULL
            WHERE appid = ? AND platform_appid = ? AND revoked_at IS NULL AND authorized_at <= ?`,
          revokedAt,
          appid,
          platformAppid,
          revokedAt,
        )
        if (affected === 0) return false
        yield statement("UPDATE denglu_app_tokens SET refused = 1 WHERE appid = ?", tokenName)
        yield recordEvent(authorizationEvent("platform.unauthorized", revocation))
        return true
      }),
    findAuthorizers: appid =>
      read(function* () {
        const { rows } = yield statement(
          `SELECT ${columns} FROM denglu_authorizers WHERE appid = ? ORDER BY authorized_at DESC, platform_appid`,
          appid,
        )
        return rows.map(readAuthorizer)
      }),
    findAuthorizerByCode: (platformAppid, codeDigest) =>
      read(function* () {
        const { rows } = yield statement(
          `SELECT ${columns} FROM denglu_authorizers WHERE platform_appid = ? AND code_digest = ?`,
          platformAppid,
          codeDigest,
        )
        return rows.map(readAuthorizer)[0]
      }),
    listAuthorizers: platformAppid =>
      read(function* () {
        const { rows } = yield statement(
          `SELECT ${columns} FROM denglu_authorizers WHERE platform_appid = ? ORDER BY appid`,
          platformAppid,
        )
        return rows.map(readAuthorizer)
      }),
  }
}

const columns = "platform_appid, appid, sealed_refresh_token, open_platform, authorized_at, revoked_at"

/** Answers `undefined` if there is one already. */
function* addAuthorizer(authorization: NewAuthorization): Script<AuthorizerRecord | undefined> {
  const added = authorized(authorization, undefined)
  const { affected }: Answer = yield statement(
    `INSERT INTO denglu_authorizers (platform_appid, appid, sealed_refresh_token, open_platform, code_digest, authorized_at)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    added.platformAppid,
    added.appid,
    added.sealedRefreshToken,
    added.openPlatform,
    authorization.codeDigest,
    added.authorizedAt,
  )
  if (affected === 0) return undefined
  yield recordEvent(authorizationEvent("platform.authorized", authorization))
  return added
}

function* renewAuthorizer(authorization: NewAuthorization): Script<KeptAuthorization> {
  const { platformAppid, appid, codeDigest } = authorization
  const { rows }: Answer = yield statement(
    `SELECT ${columns}, code_digest FROM denglu_authorizers WHERE appid = ? AND platform_appid = ? FOR UPDATE`,
    appid,
    platformAppid,
  )
  const row = rows[0] as Row
  const known = readAuthorizer(row)
  if (codeDigest !== null && row.code_digest === codeDigest) return { isChanged: false, authorizer: known }
  const next = authorized(authorization, known)
  yield statement(
    `UPDATE denglu_authorizers SET sealed_refresh_token = ?, open_platform = ?, code_digest = ?, authorized_at = ?,
      revoked_at = NULL WHERE appid = ? AND platform_appid = ?`,
    next.sealedRefreshToken,
    next.openPlatform,
    codeDigest,
    next.authorizedAt,
    appid,
    platformAppid,
  )
  yield recordEvent(authorizationEvent("platform.authorized", authorization))
  return { isChanged: true, authorizer: next }
}

function* addTicket(
  platformAppid: string,
  { sealed, issuedAt, receivedAt }: PlatformTicket,
): Script<boolean> {
  const { affected }: Answer = yield statement(
    `INSERT INTO denglu_platform_tickets (platform_appid, sealed, issued_at, received_at)
      VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    platformAppid,
    sealed,
    issuedAt,
    receivedAt,
  )
  return affected === 1
}

function* renewTicket(
  platformAppid: string,
  { sealed, issuedAt, receivedAt }: PlatformTicket,
): Script<boolean> {
  const { affected }: Answer = yield statement(
    `UPDATE denglu_platform_tickets SET sealed = ?, issued_at = ?, received_at = ?
      WHERE platform_appid = ? AND issued_at < ?`,
    sealed,
    issuedAt,
    receivedAt,
    platformAppid,
    issuedAt,
  )
  return affected === 1
}

function* findTicket(platformAppid: string): Script<PlatformTicket | undefined> {
  const { rows }: Answer = yield statement(
    "SELECT sealed, issued_at, received_at FROM denglu_platform_tickets WHERE platform_appid = ?",
    platformAppid,
  )
  const [row] = rows
  if (row === undefined) return undefined
  return {
    sealed: row.sealed as string,
    issuedAt: row.issued_at as number,
    receivedAt: row.received_at as number,
  }
}

function readAuthorizer(row: Row): AuthorizerRecord {
  return {
    platformAppid: row.platform_appid as string,
    appid: row.appid as string,
    sealedRefreshToken: row.sealed_refresh_token as string | null,
    openPlatform: row.open_platform as string,
    authorizedAt: row.authorized_at as number,
    revokedAt: row.revoked_at as number | null,
  }
}
