import type { App, World } from "../world.ts"

/** A request that trades a code, as far as it could be judged without the code. */
export type CodeRequest =
  | { readonly app: App; readonly code: string }
  /** The errcode it fails with. */
  | { readonly errcode: number }

/** Judges appid, secret, code and grant_type, in this order. @param codeName how the endpoint calls its code */
export function readCodeRequest(query: URLSearchParams, world: World, codeName: string): CodeRequest {
  const appid = query.get("appid")
  const secret = query.get("secret")
  const code = query.get(codeName)
  if (!appid) return { errcode: 41002 }
  const app = world.apps.get(appid)
  if (app === undefined) return { errcode: 40013 }
  if (!secret) return { errcode: 41004 }
  if (secret !== app.secret) return { errcode: 40125 }
  if (code === null) return { errcode: 41008 }
  if (query.get("grant_type") !== "authorization_code") return { errcode: 40002 }
  return { app, code }
}
