import { createHmac } from "node:crypto"
import { failure, type Reply, success } from "../reply.ts"
import { encryptKeyLife, type Membership } from "../world.ts"
import { type Call, type Endpoint, jsonBody } from "./endpoint.ts"
import { withToken } from "./with-token.ts"

/**
 * Whoever asks about a `session_key` proves that he has it: an HMAC of the empty text under the base64 text of the key, not under the 16 bytes
 * it stands for. Parameters are read from the query, else from a JSON body: the documents say both.
 */
function withSignature(call: Call, answer: (member: Membership) => Reply): Reply {
  return withToken(call, "wxa", appid => {
    const { query, world, clock } = call
    const fail = (errcode: number) => failure("wxa", errcode, clock.now())
    const body = jsonBody(call)
    const read = (name: string) => query.get(name) ?? String(body[name] ?? "")
    if (read("sig_method") !== "hmac_sha256") return fail(87008)
    const member = world.member(appid, read("openid"))
    if (member === undefined) return fail(87009)
    const expected = createHmac("sha256", member.sessionKey).update("").digest("hex")
    return read("signature").toLowerCase() === expected ? answer(member) : fail(87009)
  })
}

/** `GET /wxa/checksession` */
export const checksession: Endpoint = {
  name: "checksession",
  path: "/wxa/checksession",
  methods: ["GET", "POST"],
  family: "wxa",
  answer: call => withSignature(call, () => success("wxa", { errcode: 0, errmsg: "ok" })),
}

/** `GET /wxa/resetusersessionkey`: the old key is dead at once. */
export const resetusersessionkey: Endpoint = {
  name: "resetusersessionkey",
  path: "/wxa/resetusersessionkey",
  methods: ["GET", "POST"],
  family: "wxa",
  answer: call =>
    withSignature(call, member => {
      call.world.rotateSessionKey(member)
      return success("wxa", {
        errcode: 0,
        errmsg: "ok",
        openid: member.openid,
        session_key: member.sessionKey,
      })
    }),
}

/** `GET` or `POST /wxa/business/getuserencryptkey`: the documents and the SDKs don't agree on the method, so both. */
export const getuserencryptkey: Endpoint = {
  name: "getuserencryptkey",
  path: "/wxa/business/getuserencryptkey",
  methods: ["GET", "POST"],
  family: "wxa/business",
  answer: call =>
    withSignature(call, member => {
      const seconds = (ms: number) => Math.floor(ms / 1000)
      const now = call.clock.now()
      const keys = call.world.encryptKeysOf(member)
      return success("wxa/business", {
        errcode: 0,
        errmsg: "ok",
        key_info_list: keys.map(({ encryptKey, iv, version, createdAt }) => ({
          encrypt_key: encryptKey,
          version,
          expire_in: Math.max(0, seconds(createdAt + encryptKeyLife - now)),
          iv,
          create_time: seconds(createdAt),
        })),
      })
    }),
}
