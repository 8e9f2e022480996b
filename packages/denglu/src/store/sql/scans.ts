import type { AuditEvent } from "../audit-store.ts"
import { judgeAnswer, judgeOpening, judgeRedemption, keepScansFor } from "../scan-rules.ts"
import type {
  ConfirmScan,
  ConfirmScanOutcome,
  DenyScan,
  NewScan,
  OpenScan,
  OpenScanOutcome,
  RedeemScan,
  RedeemScanOutcome,
  Scan,
  ScanState,
  ScanStore,
} from "../scan-store.ts"
import { openedByScan } from "../session-rules.ts"
import type { UserProfile } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import { writeSession } from "./open-session-of.ts"
import { type Row, readUser } from "./rows.ts"
import { asText, type Dialect, type Script, type ScriptRunner, type Statement, statement } from "./script.ts"

/** Logins by scanning, for every database. */
export function scanMethods({ read, write }: ScriptRunner): ScanStore {
  return {
    createScan: scan => write(() => createScan(scan)),
    findScans: ids => (ids.length === 0 ? Promise.resolve([]) : read(() => findScans(ids))),
    openScan: request => write(() => openScan(request)),
    confirmScan: request => write(() => confirmScan(request)),
    denyScan: request => write(() => denyScan(request)),
    redeemScan: request => write(dialect => redeemScan(request, dialect)),
  }
}

/** Drops tickets that ended a while ago; answers how many, at most `limit`. */
export function* dropScans(now: number, limit: number): Script<number> {
  if (limit <= 0) return 0
  const { rows } = yield statement(
    "SELECT id FROM denglu_scans WHERE expires_at <= ? ORDER BY expires_at LIMIT ?",
    now - keepScansFor,
    limit,
  )
  const ids = rows.map(row => row.id as string)
  for (let at = 0; at < ids.length; at += 100) {
    const some = ids.slice(at, at + 100)
    yield statement(`DELETE FROM denglu_scans WHERE id IN (${places(some.length)})`, ...padded(some))
  }
  return ids.length
}

function* createScan(scan: NewScan): Script<void> {
  yield statement(
    `INSERT INTO denglu_scans (id, scene_digest, secret_digest, number, appid, origin, user_agent, place, state,
      created_at, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
    scan.id,
    scan.sceneDigest,
    scan.secretDigest,
    scan.number,
    scan.appid,
    scan.origin,
    asText(scan.userAgent),
    asText(scan.place),
    scan.createdAt,
    scan.expiresAt,
  )
}

const columns = `id, scene_digest, secret_digest, number, appid, origin, user_agent, place, state, user_id,
  created_at, expires_at`

function* findScans(ids: readonly string[]): Script<Scan[]> {
  const { rows } = yield statement(
    `SELECT ${columns} FROM denglu_scans WHERE id IN (${places(ids.length)})`,
    ...padded(ids),
  )
  return rows.map(readScan)
}

/** A few lengths only: SQLite keeps every statement prepared. */
const lengths = [1, 10, 100]
const lengthFor = (count: number) => lengths.find(length => length >= count) ?? count
const places = (count: number) => new Array(lengthFor(count)).fill("?").join(", ")
const padded = (ids: readonly string[]) =>
  Array.from({ length: lengthFor(ids.length) }, (_, index) => ids[Math.min(index, ids.length - 1)] as string)

function* openScan(request: OpenScan): Script<OpenScanOutcome> {
  const { sceneDigest, userId, sessionId, appid, now } = request
  const { rows } = yield statement(
    `SELECT id FROM denglu_sessions WHERE id = ? AND revoked_at IS NULL AND opened_by IS NULL`,
    sessionId,
  )
  if (rows.length === 0) return { kind: "not_scanned" }
  const { affected } = yield statement(
    `UPDATE denglu_scans SET state = 'opened', user_id = ?, session_id = ?
      WHERE scene_digest = ? AND appid = ? AND state = 'waiting' AND expires_at > ?`,
    userId,
    sessionId,
    sceneDigest,
    appid,
    now,
  )
  const found = yield statement(`SELECT ${columns} FROM denglu_scans WHERE scene_digest = ?`, sceneDigest)
  const scan = found.rows.map(readScan)[0]
  return affected === 1 && scan !== undefined ? { kind: "opened", scan } : judgeOpening(scan, request)
}

/** Right and wrong numbers are decided on by the same statement: of many guesses at once the first one counts. */
function* confirmScan(request: ConfirmScan): Script<ConfirmScanOutcome> {
  const { id, userId, sessionId, number, now } = request
  const { affected } = yield statement(
    `UPDATE denglu_scans SET state = CASE WHEN number = ? THEN 'confirmed' ELSE 'denied' END, session_id = ?
      WHERE id = ? AND user_id = ? AND state = 'opened' AND expires_at > ?`,
    number,
    sessionId,
    id,
    userId,
    now,
  )
  const scan: Scan | undefined = yield* findScan(id)
  if (affected === 0 || scan === undefined) return judgeAnswer(scan, request)
  const { appid } = scan
  if (scan.state === "confirmed") {
    yield answered("scan.confirmed", request, appid)
    return { kind: "confirmed" }
  }
  yield answered("scan.denied", request, appid, { reason: "number_wrong" })
  return { kind: "number_wrong" }
}

function* denyScan(request: DenyScan): Script<boolean> {
  const { id, userId, notMe, now } = request
  const { affected } = yield statement(
    `UPDATE denglu_scans SET state = 'denied'
      WHERE id = ? AND user_id = ? AND (state = 'opened' OR state = 'confirmed') AND expires_at > ?`,
    id,
    userId,
    now,
  )
  const scan: Scan | undefined = yield* findScan(id)
  if (affected === 0 || scan === undefined) return false
  yield answered(notMe ? "scan.reported" : "scan.denied", request, scan.appid)
  return true
}

function* findScan(id: string): Script<Scan | undefined> {
  const { rows } = yield statement(`SELECT ${columns} FROM denglu_scans WHERE id = ?`, id)
  return rows.map(readScan)[0]
}

function answered(
  type: "scan.confirmed" | "scan.denied" | "scan.reported",
  { id, userId, sessionId, now }: ConfirmScan | DenyScan,
  appid: string,
  detail?: AuditEvent["detail"],
): Statement {
  const event = { id: `${id}:${type}`, at: now, type, userId, sessionId, appid, actor: "user" } as const
  return recordEvent(detail === undefined ? event : { ...event, detail })
}

function* redeemScan(request: RedeemScan, dialect: Dialect): Script<RedeemScanOutcome> {
  const { id, secretDigest, now } = request
  const { affected } = yield statement(
    `UPDATE denglu_scans SET state = 'redeemed'
      WHERE id = ? AND secret_digest = ? AND state = 'confirmed' AND expires_at > ?`,
    id,
    secretDigest,
    now,
  )
  if (affected === 0) return judgeRedemption(yield* findScan(id), request)
  const confirming: Row | undefined = yield* findConfirming(id, now, dialect)
  if (confirming === undefined) return { kind: "invalid" }
  const user: UserProfile = yield* findUser(confirming.user_id as string)
  const session = openedByScan(request, {
    userId: user.id,
    appid: confirming.appid as string,
    openid: confirming.openid as string | null,
  })
  yield* writeSession(dialect, session)
  return { kind: "redeemed", session, user }
}

/** The session on the phone that confirmed, if it is live; locked, so that its end comes before or after. */
function* findConfirming(id: string, now: number, dialect: Dialect): Script<Row | undefined> {
  const live = "s.revoked_at IS NULL AND s.idle_expires_at > ? AND s.absolute_expires_at > ?"
  const text =
    dialect === "sqlite"
      ? `SELECT u.id AS user_id, s.appid, i.openid
          FROM denglu_scans c JOIN denglu_sessions s ON s.id = c.session_id
            JOIN denglu_users u ON u.n = s.user_n LEFT JOIN denglu_identities i ON i.n = s.identity_n
          WHERE c.id = ? AND ${live}`
      : `SELECT s.user_id, s.appid, s.openid
          FROM denglu_scans c JOIN denglu_sessions s ON s.id = c.session_id
          WHERE c.id = ? AND ${live} FOR UPDATE`
  return (yield statement(text, id, now, now)).rows[0]
}

function* findUser(id: string): Script<UserProfile> {
  const { rows } = yield statement(
    "SELECT id, nickname, avatar_url, created_at, updated_at, leaves_at FROM denglu_users WHERE id = ?",
    id,
  )
  if (rows[0] === undefined) throw new Error("a session without its user")
  return readUser(rows[0])
}

function readScan(row: Row): Scan {
  return {
    id: row.id as string,
    sceneDigest: row.scene_digest as string,
    secretDigest: row.secret_digest as string,
    number: row.number as string,
    appid: row.appid as string,
    origin: row.origin as string | null,
    userAgent: row.user_agent as string,
    place: row.place as string | null,
    state: row.state as ScanState,
    userId: row.user_id as string | null,
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
  }
}
