import { DengluError } from "../errors.ts"
import { openStore } from "../store/open-store.ts"
import type { Store } from "../store/store.ts"
import { secretProblems, secretsOf } from "./check-settings.ts"
import { CliError } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { openDevFolder } from "./dev-folder.ts"
import { readSettings } from "./settings.ts"

/** What the commands that look into the store work with. */
export interface ToolStore {
  readonly store: Store
  readonly secrets: readonly string[]
}

/**
 * Opens the store as a guest beside a running server, runs the work, and closes it.
 *
 * @throws CliError if settings are missing or the store can't be opened
 */
export async function withToolStore<Result>(
  invocation: Invocation,
  work: (tool: ToolStore) => Promise<Result>,
): Promise<Result> {
  const { url, secrets } = await whereItIs(invocation)
  let store: Store
  try {
    store = await openStore(url, { role: "guest" })
  } catch (error) {
    if (error instanceof DengluError || error instanceof TypeError)
      throw new CliError({
        en: `The store can't be opened. ${error.message}`,
        zh: `无法打开存储。${error.message}`,
      })
    throw error
  }
  try {
    return await work({ store, secrets })
  } finally {
    await store.close()
  }
}

async function whereItIs(
  invocation: Invocation,
): Promise<{ readonly url: string; readonly secrets: readonly string[] }> {
  if (invocation.flags.has("dev")) {
    const { store, secret } = openDevFolder(invocation.cwd, false)
    return { url: store, secrets: [secret] }
  }
  const settings = await readSettings(invocation)
  const [problem] = secretProblems(settings, invocation.env)
  if (problem !== undefined)
    throw new CliError({
      en: `${problem.setting} ${problem.says.en}\nFor what \`denglu dev\` keeps, say --dev.`,
      zh: `${problem.setting} ${problem.says.zh}\n如需操作 denglu dev 的数据，请加 --dev。`,
    })
  const { store } = settings.config
  if (typeof store !== "string" || store.startsWith("memory:") || store === "sqlite::memory:")
    throw new CliError({
      en: "This store lives in the memory of its server; the command line can't reach it.",
      zh: "该存储位于服务器进程的内存中，命令行无法访问。",
    })
  return { url: store, secrets: secretsOf(settings) }
}
