import { url } from "./option-checks.ts"

/** @throws TypeError that says what to write */
export function settleRedirects(given: readonly string[]): readonly string[] {
  for (const address of given) {
    const isPath = /^\/(?![/\\])/.test(address)
    if (!isPath && !/^https?:$/.test(url("allowedRedirects", address).protocol))
      throw new TypeError(
        'allowedRedirects: write whole addresses such as "https://www.example.com/account", or paths such as "/account"',
      )
  }
  return given
}
