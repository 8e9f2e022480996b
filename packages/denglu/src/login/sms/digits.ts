import { createHash } from "node:crypto"
import type { RandomBytes } from "../../random.ts"
import type { SmsPurpose } from "../../store/store.ts"
import type { FlowContext } from "../flows.ts"

/** Six digits, each number as likely as the others. */
export function sixDigits(random: RandomBytes): string {
  // The largest multiple of a million that fits: what lies above would make small numbers likelier.
  const most = 2 ** 32 - (2 ** 32 % 1_000_000)
  for (;;) {
    const bytes = random(4)
    const drawn = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0)
    if (drawn < most) return String(drawn % 1_000_000).padStart(6, "0")
  }
}

/** What is kept of an `sms_id`. It is random and long, so a plain hash gives nothing away. */
export function digestOfId(smsId: string): string {
  return createHash("sha256").update(smsId).digest("base64url")
}

/** What digits are hashed with: they are too few for a hash without a key, and mean nothing elsewhere. */
export function digitsText(smsId: string, purpose: SmsPurpose, code: string): string {
  return JSON.stringify(["sms", smsId, purpose, code])
}

/** Digits as they came, as a store takes them. */
export function typedDigits(
  { sealer, clock }: Pick<FlowContext, "sealer" | "clock">,
  { smsId, code }: { readonly smsId: string; readonly code: string },
  purpose: SmsPurpose,
) {
  return {
    idDigest: digestOfId(smsId),
    digits: sealer.fingerprints(digitsText(smsId, purpose, code)),
    now: clock(),
  }
}
