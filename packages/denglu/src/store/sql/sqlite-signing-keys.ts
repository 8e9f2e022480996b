import type { DatabaseSync } from "node:sqlite"
import { keysChangedEvent } from "../session-events.ts"
import type { Occasion, SigningKeyRecord } from "../store.ts"
import { readSigningKey } from "./rows.ts"
import { prepareRecord } from "./sqlite-audit.ts"

/** The statements about signing keys. `replace` must run inside a transaction that writes. */
export interface SigningKeyStatements {
  list(): SigningKeyRecord[]
  replace(expectedKids: readonly string[], keys: readonly SigningKeyRecord[], occasion: Occasion): boolean
}

export function prepareSigningKeys(database: DatabaseSync): SigningKeyStatements {
  const list = database.prepare(`
    SELECT kid, status, public_jwk, sealed_private_key, created_at, status_since FROM signing_keys
    ORDER BY created_at, kid`)
  const dropAll = database.prepare("DELETE FROM signing_keys WHERE true")
  const add = database.prepare(`
    INSERT INTO signing_keys (kid, status, public_jwk, sealed_private_key, created_at, status_since)
    VALUES (?, ?, ?, ?, ?, ?)`)
  const record = prepareRecord(database)
  const listAll = () => list.all().map(readSigningKey)

  return {
    list: listAll,
    replace(expectedKids, keys, occasion) {
      const kids = listAll().map(({ kid }) => kid)
      if (kids.length !== expectedKids.length || !kids.every(kid => expectedKids.includes(kid))) return false
      dropAll.run()
      for (const { kid, status, publicJwk, sealedPrivateKey, createdAt, statusSince } of keys)
        add.run(kid, status, publicJwk, sealedPrivateKey, createdAt, statusSince)
      record(keysChangedEvent(keys, occasion))
      return true
    },
  }
}
