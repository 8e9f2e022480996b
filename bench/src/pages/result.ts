import type { Verdict } from "../bench.ts"
import type { Starts } from "../measure/starts.ts"
import type { Figures } from "../measure/table.ts"
import type { AtRest } from "../parts/databases/at-rest.ts"

/** What one run of the bench has found: the file in `results/`. */
export interface Result {
  /** ISO 8601. */
  readonly date: string
  readonly node: string
  readonly machine: string
  readonly system: string
  readonly versions: Readonly<Record<string, string>>
  readonly rounds: number
  readonly seconds: number
  readonly verdicts: readonly Verdict[]
  /** By part; a part that was not run is missing. */
  readonly figures: {
    readonly check?: readonly Figures[]
    readonly login?: readonly Figures[]
    readonly memory?: { readonly million: { readonly size: number; readonly bytes: number } }
    readonly start?: Starts
    readonly databases?: DatabaseFigures
  }
}

/** What could not be measured is missing. */
export interface DatabaseFigures {
  readonly postgres: string
  readonly mariadb: string
  readonly redis: string
  readonly logins?: readonly Figures[]
  readonly loginsSlow?: readonly Figures[]
  readonly loginsAlone?: readonly Figures[]
  readonly refreshes?: readonly Figures[]
  readonly instances?: readonly Figures[]
  readonly tokenChecks?: {
    readonly checks: number
    readonly statements: number
    readonly statementsIdle: number
  }
  readonly atRest?: { readonly postgres: AtRest; readonly mariadb?: AtRest }
  readonly starts?: Starts
  readonly large?: readonly Figures[]
  readonly largeAtRest?: AtRest & { readonly gigabytes: number }
}
