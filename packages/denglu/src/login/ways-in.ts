import type { WaysOn } from "../store/ways-in.ts"
import type { FlowContext } from "./flows.ts"

/** The ways in that this server offers: what counts when somebody wants to give one up. */
export function waysOn({
  options: { sms, passwords, apps, platforms },
  clock,
}: Pick<FlowContext, "options" | "clock">): WaysOn {
  return {
    phoneTrustedSince: sms && clock() - sms.trustPhoneFor * 1000,
    passwords: passwords !== undefined,
    // Which apps come through a platform changes while the server runs.
    ...(platforms.size === 0 && { appids: [...apps.keys()] }),
  }
}
