import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto"
import type { Clock } from "../clock.ts"
import { DengluError } from "../errors.ts"
import { newId, type RandomBytes } from "../random.ts"
import type { Occasion, SigningKeyRecord, Store } from "../store/store.ts"
import { planRotation } from "./key-rotation.ts"
import { type Sealer, signingKeyBinding } from "./sealer.ts"

/** A public signing key as it stands in the JWKS (RFC 8037: `OKP`, `Ed25519`). */
export interface PublicJwk {
  readonly kty: "OKP"
  readonly crv: "Ed25519"
  readonly x: string
  readonly kid: string
  readonly alg: "EdDSA"
  readonly use: "sig"
}

/** The keys that sign access tokens: next, current and previous ones. */
export interface KeyRing {
  /** The key that signs now. */
  current(): { readonly kid: string; readonly privateKey: KeyObject }
  /** All public keys, for verifiers; the next one is there ahead of its time. */
  jwks(): { readonly keys: readonly PublicJwk[] }
  publicJwk(kid: string): PublicJwk | undefined
  /** Reads the keys again, if that has not been done within the last `notWithin` ms: another process may have rotated them. */
  reload(notWithin: number): Promise<void>
  /** Does what is due: creates the first keys, rotates, drops the outlived. With `force`, rotates now. Answers whether anything changed. */
  rotate(force: boolean): Promise<boolean>
}

export interface KeyRingOptions {
  readonly store: Store
  readonly sealer: Sealer
  readonly clock: Clock
  readonly random: RandomBytes
  /** How long (ms) a key signs. */
  readonly rotateEvery: number
  /** How long (ms) a key that signs no more must still verify: an access token's life, and a margin. */
  readonly keepPrevious: number
  readonly onRotated: (currentKid: string) => void
}

/** Opens the ring: reads the keys from the store and creates the first ones if there are none. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { store, sealer, clock, random } = options
  let records: readonly SigningKeyRecord[] = []
  let publicKeys = new Map<string, PublicJwk>()
  let signing: { readonly kid: string; readonly privateKey: KeyObject } | undefined
  let reloadedAt = Number.NEGATIVE_INFINITY
  let reloading: Promise<void> | undefined

  function adopt(next: readonly SigningKeyRecord[]): void {
    const current = next.find(record => record.status === "current")
    if (current !== undefined && current.kid !== signing?.kid) signing = openPrivateKey(sealer, current)
    records = next
    publicKeys = new Map(next.map(record => [record.kid, JSON.parse(record.publicJwk) as PublicJwk]))
  }

  async function read(): Promise<void> {
    reloadedAt = clock()
    adopt(await store.listSigningKeys())
  }

  async function rotate(force: boolean): Promise<boolean> {
    let replacing: string | undefined
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await read()
      replacing ??= signing?.kid
      const plan = planRotation(records, {
        now: clock(),
        // Whom another process has been faster than has what it wanted, if what that one did was a rotation too.
        force: force && signing?.kid === replacing,
        rotateEvery: options.rotateEvery,
        keepPrevious: options.keepPrevious,
        createKey: status => createRecord(sealer, random, status, clock()),
      })
      const resealed = resealAll(sealer, plan ?? records)
      if (plan === undefined && resealed === undefined) return false
      const kids = records.map(record => record.kid)
      const occasion: Occasion = {
        now: clock(),
        eventId: newId(random),
        actor: force ? "operator" : "system",
      }
      if (await store.replaceSigningKeys(kids, resealed ?? plan ?? records, occasion)) {
        adopt(resealed ?? plan ?? records)
        if (plan !== undefined && signing !== undefined) options.onRotated(signing.kid)
        return plan !== undefined
      }
      // Another process was faster: what it did may be what was due, so look again.
    }
    throw new DengluError("store_unavailable", {
      message: "the signing keys keep changing under this process: try again",
      retryAfter: 1,
    })
  }

  await rotate(false)

  return {
    current() {
      if (signing === undefined) throw new Error("no signing key")
      return signing
    },
    jwks: () => ({ keys: [...publicKeys.values()] }),
    publicJwk: kid => publicKeys.get(kid),
    async reload(notWithin) {
      if (reloading !== undefined) return reloading
      if (clock() - reloadedAt < notWithin) return
      reloading = read().finally(() => {
        reloading = undefined
      })
      await reloading
    },
    rotate,
  }
}

function createRecord(
  sealer: Sealer,
  random: RandomBytes,
  status: SigningKeyRecord["status"],
  now: number,
): SigningKeyRecord {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const kid = newId(random).slice(0, 12)
  const { x } = publicKey.export({ format: "jwk" })
  const publicJwk: PublicJwk = { kty: "OKP", crv: "Ed25519", x: x as string, kid, alg: "EdDSA", use: "sig" }
  const pem = privateKey.export({ format: "pem", type: "pkcs8" })
  return {
    kid,
    status,
    publicJwk: JSON.stringify(publicJwk),
    sealedPrivateKey: sealer.seal(signingKeyBinding(kid), pem.toString()),
    createdAt: now,
    statusSince: now,
  }
}

/** The records under the first secret, so that an old secret can be dropped after one start; `undefined` if they all are. */
function resealAll(
  sealer: Sealer,
  records: readonly SigningKeyRecord[],
): readonly SigningKeyRecord[] | undefined {
  if (records.every(record => sealer.isFresh(record.sealedPrivateKey))) return undefined
  return records.map(record => {
    const binding = signingKeyBinding(record.kid)
    return {
      ...record,
      sealedPrivateKey: sealer.seal(binding, sealer.open(binding, record.sealedPrivateKey)),
    }
  })
}

function openPrivateKey(sealer: Sealer, record: SigningKeyRecord) {
  return {
    kid: record.kid,
    privateKey: createPrivateKey(sealer.open(signingKeyBinding(record.kid), record.sealedPrivateKey)),
  }
}
