import { keysChangedEvent } from "../session-events.ts"
import type { Occasion, SigningKeyRecord } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import { bytes, type MysqlAnswer, type MysqlConnection, number, text } from "./mysql-connection.ts"
import { readSigningKey } from "./rows.ts"
import { inMysqlWords } from "./script.ts"

const listText = `
SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM denglu_signing_keys
ORDER BY created_at, kid`

const keysIn = (answer: MysqlAnswer | undefined) => answer?.rows.map(readSigningKey) ?? []

export async function listSigningKeys(connection: MysqlConnection): Promise<SigningKeyRecord[]> {
  const [found] = await connection.query([listText])
  return keysIn(found)
}

/** Replaces the set, if it is the expected one, in two round trips. The counter's row lock lets one at a time. */
export async function replaceSigningKeys(
  connection: MysqlConnection,
  expectedKids: readonly string[],
  keys: readonly SigningKeyRecord[],
  occasion: Occasion,
): Promise<boolean> {
  const [, , found] = await connection.query([
    "BEGIN",
    `UPDATE denglu_counters SET value = value + 1 WHERE name = ${bytes("signing_keys")}`,
    listText,
  ])
  const kids = keysIn(found).map(({ kid }) => kid)
  if (kids.length !== expectedKids.length || !kids.every(kid => expectedKids.includes(kid))) {
    await connection.query(["ROLLBACK"])
    return false
  }
  await connection.query([
    "DELETE FROM denglu_signing_keys",
    ...keys.map(addKey),
    inMysqlWords(recordEvent(keysChangedEvent(keys, occasion))),
    "COMMIT",
  ])
  return true
}

function addKey(key: SigningKeyRecord): string {
  const { kid, status, publicJwk, sealedPrivateKey, createdAt, statusSince } = key
  return `INSERT INTO denglu_signing_keys (kid, status, public_jwk, sealed_private_key, created_at, status_since)
    VALUES (${bytes(kid)}, ${bytes(status)}, ${text(publicJwk)}, ${text(sealedPrivateKey)}, ${number(createdAt)},
      ${number(statusSince)})`
}
