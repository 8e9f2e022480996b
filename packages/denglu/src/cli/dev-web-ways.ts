import type { LoginOptions } from "../options.ts"
import { consoleSender } from "../sms-senders/console-sender.ts"
import type { SmsMessage } from "../sms-senders/sender.ts"
import { hasPasswordPackages } from "./password-packages.ts"

interface DevWebParts {
  /** The origin of the playground's page. */
  readonly playground: string
  /** Writes a line to the terminal. */
  readonly print: (line: string) => void
  /** Is given each SMS, for the playground's phone. */
  readonly onSms: (message: SmsMessage) => void
}

/** How web pages log in at `denglu dev`; each way in is one entry. */
export function devWebWays({ playground, print, onSms }: DevWebParts): Partial<LoginOptions> {
  return {
    browserSessions: true,
    // Browsers take the two names for two origins.
    allowedOrigins: [playground, playground.replace("127.0.0.1", "localhost")],
    scan: { siteName: "示例商城 Demo shop", envVersion: "develop" },
    passwords: hasPasswordPackages() && { registration: true },
    sms: { send: consoleSender({ print, onSms }), perAddressAnHour: 1_000, perNumberAnHour: 60 },
  }
}
