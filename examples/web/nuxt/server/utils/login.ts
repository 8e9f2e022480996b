import { createLogin } from "denglu"

let made: ReturnType<typeof createLogin> | undefined

/** Made at the first request: a build has no secrets. */
export function login() {
  made ??= createLogin({
    apps: [{ appid: setting("WECHAT_APPID"), secret: setting("WECHAT_SECRET") }],
    store: "sqlite:./data/login.db",
    secret: setting("DENGLU_SECRET"),
    basePath: "/auth",
    browserSessions: true,
    scan: { siteName: "示例商城" },
    ...(process.env.WECHAT_SIMULATOR ? { wechat: { simulator: process.env.WECHAT_SIMULATOR } } : {}),
  })
  return made
}

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name}; README.md says where it comes from.`)
  return value
}
