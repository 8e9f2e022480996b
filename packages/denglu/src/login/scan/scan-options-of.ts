import { DengluError } from "../../errors.ts"
import type { SettledScan } from "../../scan-options.ts"
import type { FlowContext } from "../flows.ts"

/** The options of logins by scanning. @throws DengluError `not_found` where there are none */
export function scanOptions({ options: { scan } }: FlowContext): SettledScan {
  if (scan === undefined) throw new DengluError("not_found")
  return scan
}
