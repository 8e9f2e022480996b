import { commands } from "../../packages/denglu/src/cli/commands.ts"
import { appVariables, pushVariables, variables } from "../../packages/denglu/src/cli/settings.ts"

/** The variables of the environment that `denglu start` reads. */
export const knownVariables: readonly string[] = [
  ...Object.values(variables),
  ...Object.values(appVariables),
  ...Object.values(pushVariables),
  "NODE_ENV",
]

/** `start`, `migrate` … */
export const knownCommands: readonly string[] = commands.map(({ name }) => name)
