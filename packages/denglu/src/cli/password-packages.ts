import { createRequire } from "node:module"

/** Whether what logins by password need is installed beside Denglu. */
export function hasPasswordPackages(): boolean {
  const { resolve } = createRequire(import.meta.url)
  try {
    for (const name of ["@node-rs/argon2", "@zxcvbn-ts/language-common"]) resolve(name)
    return true
  } catch {
    return false
  }
}
