import { keysChangedEvent } from "../session-events.ts"
import type { Occasion, SigningKeyRecord } from "../store.ts"
import { recordEvent } from "./audit-events.ts"
import type { PostgresClient } from "./postgres-connection.ts"
import { readSigningKey } from "./rows.ts"
import { runOnPostgres } from "./script.ts"

export async function listSigningKeys(client: PostgresClient): Promise<SigningKeyRecord[]> {
  const { rows } = await client.query({
    name: "denglu_signing_keys",
    text: `SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM denglu_signing_keys
      ORDER BY created_at, kid`,
  })
  return rows.map(readSigningKey)
}

/** Replaces the set inside the transaction that is open, if it is the expected one. The counter's row lock lets one at a time. */
export async function replaceSigningKeys(
  client: PostgresClient,
  expectedKids: readonly string[],
  keys: readonly SigningKeyRecord[],
  occasion: Occasion,
): Promise<boolean> {
  await client.query({ text: "UPDATE denglu_counters SET value = value + 1 WHERE name = 'signing_keys'" })
  const kids = (await listSigningKeys(client)).map(({ kid }) => kid)
  if (kids.length !== expectedKids.length || !kids.every(kid => expectedKids.includes(kid))) return false
  await client.query({ text: "DELETE FROM denglu_signing_keys" })
  for (const { kid, status, publicJwk, sealedPrivateKey, createdAt, statusSince } of keys)
    await client.query({
      text: `INSERT INTO denglu_signing_keys (kid, status, public_jwk, sealed_private_key, created_at, status_since)
        VALUES ($1, $2, $3, $4, $5, $6)`,
      values: [kid, status, publicJwk, sealedPrivateKey, createdAt, statusSince],
    })
  await runOnPostgres(client, function* () {
    yield recordEvent(keysChangedEvent(keys, occasion))
  })
  await client.query({ text: "SELECT pg_notify('denglu', 'signing_keys')" })
  return true
}
