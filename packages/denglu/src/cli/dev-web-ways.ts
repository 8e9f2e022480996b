import type { LoginOptions } from "../options.ts"

/** How web pages log in at `denglu dev`; each way in is one entry. @param playground the origin of its page */
export function devWebWays(playground: string): Partial<LoginOptions> {
  return {
    browserSessions: true,
    // Browsers take the two names for two origins.
    allowedOrigins: [playground, playground.replace("127.0.0.1", "localhost")],
    scan: { siteName: "示例商城 Demo shop", envVersion: "develop" },
  }
}
