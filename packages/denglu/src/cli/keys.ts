import { createRandomBytes } from "../random.ts"
import { openKeyRing } from "../session/key-ring.ts"
import { createSealer } from "../session/sealer.ts"
import { createSecretRing } from "../session/secret-ring.ts"
import type { SigningKeyRecord } from "../store/store.ts"
import type { Invocation } from "./command.ts"
import { renderTable } from "./table.ts"
import { withToolStore } from "./tool-store.ts"

const day = 86_400_000

/** `denglu keys list` */
export async function listKeys(invocation: Invocation): Promise<number> {
  return withToolStore(invocation, async ({ store }) => {
    showKeys(invocation, await store.listSigningKeys())
    return 0
  })
}

/** `denglu keys rotate`: a running server takes the new key up within ten seconds, or when it first meets it. */
export async function rotateKeys(invocation: Invocation): Promise<number> {
  return withToolStore(invocation, async ({ store, secrets }) => {
    const random = createRandomBytes()
    // Servers judge by the database's time when a key has outlived its tokens.
    const ahead = ((await store.now?.()) ?? Date.now()) - Date.now()
    const ring = await openKeyRing({
      store,
      sealer: createSealer(createSecretRing(secrets), random),
      clock: () => Date.now() + ahead,
      random,
      rotateEvery: 30 * day,
      // The longest an access token may live: the server may have been told so, and drops the key when it knows better.
      keepPrevious: day + 60_000,
      onRotated: () => {},
    })
    await ring.rotate(true)
    showKeys(invocation, await store.listSigningKeys())
    if (!invocation.flags.has("json"))
      invocation.terminal.out(
        invocation.terminal.say({
          en: "\nRotated. A running server signs with the new key within ten seconds.",
          zh: "\n已轮换。正在运行的服务器会在十秒内启用新密钥。",
        }),
      )
    return 0
  })
}

function showKeys({ terminal, flags }: Invocation, keys: readonly SigningKeyRecord[]): void {
  const rows = keys.map(({ kid, status, createdAt, statusSince }) => ({
    kid,
    status,
    created_at: new Date(createdAt).toISOString(),
    status_since: new Date(statusSince).toISOString(),
  }))
  if (flags.has("json")) terminal.out(JSON.stringify(rows))
  else if (rows.length === 0)
    terminal.out(
      terminal.say({
        en: "No keys yet; the first start of a server makes them.",
        zh: "还没有密钥，服务器首次启动时会生成。",
      }),
    )
  else
    terminal.out(
      renderTable(
        [
          "kid",
          terminal.say({ en: "status", zh: "状态" }),
          terminal.say({ en: "created", zh: "创建时间" }),
          terminal.say({ en: "since", zh: "状态起始" }),
        ],
        rows.map(row => [row.kid, row.status, row.created_at, row.status_since]),
      ),
    )
}
