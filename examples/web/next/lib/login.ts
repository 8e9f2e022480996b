import { createLogin, DengluError } from "denglu"
import { headers } from "next/headers"

/** One for the process: in development modules are loaded anew with every change. */
const kept = globalThis as { login?: ReturnType<typeof createLogin> }

/** Made at the first request: a build has no secrets. */
export function login() {
  kept.login ??= createLogin({
    apps: [{ appid: setting("WECHAT_APPID"), secret: setting("WECHAT_SECRET") }],
    store: "sqlite:./data/login.db",
    secret: setting("DENGLU_SECRET"),
    basePath: "/auth",
    browserSessions: true,
    scan: { siteName: "示例商城" },
    ...(process.env.WECHAT_SIMULATOR ? { wechat: { simulator: process.env.WECHAT_SIMULATOR } } : {}),
  })
  return kept.login
}

/** The id of the user who asks for a page; `null` if nobody is logged in. */
export async function currentUser(): Promise<string | null> {
  const asked = await headers()
  try {
    const request = { method: "GET", header: (name: string) => asked.get(name) ?? undefined }
    return (await (await login()).authenticate(undefined, request)).userId
  } catch (error) {
    if (error instanceof DengluError) return null
    throw error
  }
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name}; README.md says where it comes from.`)
  return value
}
