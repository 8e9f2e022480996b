import type { LoginOptions } from "./options.ts"

/** What `denglu.config.ts` exports as its default: options of `createLogin`, and where the server listens. All may be left out. */
export interface DengluConfig extends Partial<Omit<LoginOptions, "log" | "clock" | "random">> {
  /** Default is 3000. */
  readonly port?: number
  /** The address to listen on. Default is `"127.0.0.1"`. */
  readonly host?: string
  /** `fatal`, `error`, `warn`, `info`, `debug` or `trace`. Default is `"info"`. */
  readonly logLevel?: string
}

/**
 * Answers what it is given, for `denglu.config.ts`: the editor knows every setting then.
 *
 * @example
 * ```ts
 * import { defineConfig } from "denglu"
 *
 * export default defineConfig({ issuer: "https://login.example.com", store: "sqlite:./data/login.db" })
 * ```
 */
export function defineConfig(config: DengluConfig): DengluConfig {
  return config
}
