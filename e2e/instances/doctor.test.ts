import { createServer } from "node:net"
import { afterAll, expect, test } from "vitest"
import { checkDatabase, schemaFinding } from "../../packages/denglu/src/cli/doctor-database.ts"
import { isUpToDate } from "../../packages/denglu/src/cli/doctor-store.ts"
import { migrateStore } from "../../packages/denglu/src/store/migrate-store.ts"
import { openStore } from "../../packages/denglu/src/store/open-store.ts"
import { createBench, runCli } from "../../packages/denglu/test/cli/run-cli.ts"
import {
  askMysql,
  dropMysql,
  dropPostgres,
  freshMysql,
  freshPostgres,
  hasMysql,
  hasPostgres,
  mysqlNeed,
  postgresNeed,
} from "../../packages/denglu/test/support/engines.ts"
import { need } from "../../scripts/need.ts"
import { hasMariaDbServer, startMariaDb } from "../support/mariadb-server.ts"
import { hasPostgresServer, startPostgres } from "../support/postgres-server.ts"

const bench = createBench()
afterAll(async () => {
  await bench.close()
  await dropPostgres()
  await dropMysql()
})

/** What doctor finds, as `name: text` of all that is well and of all that is not. */
async function examine(url: string, clock = Date.now) {
  const findings = await checkDatabase(url, clock)
  const told = (wanted: boolean) =>
    findings.filter(({ ok }) => ok === wanted).map(({ check, says }) => `${check}: ${says.en}`)
  for (const { says } of findings) expect(says.zh).toMatch(/\p{Script=Han}/u)
  return { well: told(true), wrong: told(false) }
}

/** Runs what follows with more words behind its own, where these match. */
const withMore = (pattern: string, words: string) => [
  ...["sh", "-c", `case "$*" in ${pattern}) exec "$@" ${words};; *) exec "$@";; esac`, "sh"],
]

test("PostgreSQL: what a power cut could take back is named, each with its remedy", {
  timeout: 60_000,
}, async context => {
  need(context, hasPostgresServer(), "PostgreSQL's programs (initdb, pg_ctl)")
  const off = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
  const enter = withMore("*pg_ctl*start*", `-o "${off}"`)
  const database = await startPostgres({ address: "127.0.0.1", enter })
  try {
    const { wrong } = await examine(database.url)
    expect(wrong.sort()).toEqual([
      expect.stringMatching(/^fsync: is off: .*ALTER SYSTEM SET fsync = on/),
      expect.stringMatching(/^full_page_writes: is off: .*ALTER SYSTEM SET full_page_writes = on/),
      expect.stringMatching(/^synchronous_commit: is off: .*ALTER SYSTEM SET synchronous_commit = on/),
    ])
  } finally {
    await database.close()
  }
})

test("MariaDB: what a power cut could take back is named, and the binlog_format that refuses every login", {
  timeout: 60_000,
}, async context => {
  need(context, hasMariaDbServer(), "MariaDB's programs (mariadbd, mariadb-install-db)")
  const weak =
    "--log-bin=binlog --sync-binlog=0 --binlog-format=STATEMENT --innodb-flush-log-at-trx-commit=2 --innodb-doublewrite=0"
  const database = await startMariaDb({ address: "127.0.0.1", enter: withMore("*mariadbd*", weak) })
  try {
    const { wrong } = await examine(database.url)
    expect(wrong.sort()).toEqual([
      expect.stringMatching(
        /^binlog_format: is STATEMENT: every login is refused \(error 1665\).*'ROW'; and the same in my\.cnf/,
      ),
      expect.stringMatching(/^innodb_doublewrite: is .*my\.cnf and restart/),
      expect.stringMatching(/^innodb_flush_log_at_trx_commit: is 2: .*SET GLOBAL \w+ = 1;/),
      expect.stringMatching(/^sync_binlog: is 0: .*SET GLOBAL sync_binlog = 1;/),
    ])
    await expect(openStore(database.url)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("1665"),
    })
  } finally {
    await database.close()
  }
})

for (const { memory, told } of [
  { memory: "64M", told: [expect.stringMatching(/is 64 MB: enough for a start\. .*my\.cnf/)] },
  { memory: "1G", told: [] },
]) {
  test(`MariaDB: ${memory} for pages ${told.length === 0 ? "are enough" : "are said to be little, and are no failure"}`, {
    timeout: 60_000,
  }, async context => {
    need(context, hasMariaDbServer(), "MariaDB's programs (mariadbd, mariadb-install-db)")
    const enter = withMore("*mariadbd*", `--innodb-buffer-pool-size=${memory}`)
    const database = await startMariaDb({ address: "127.0.0.1", enter })
    try {
      const { well, wrong } = await examine(database.url)
      expect(well.filter(line => line.startsWith("innodb_buffer_pool_size"))).toEqual(told)
      expect(wrong.filter(line => line.startsWith("innodb_buffer_pool_size"))).toEqual([])
    } finally {
      await database.close()
    }
  })
}

const engines = [
  {
    name: "PostgreSQL",
    there: hasPostgres,
    what: postgresNeed,
    fresh: freshPostgres,
    closed: "postgres://login:geheim@127.0.0.1:1/login",
  },
  {
    name: "MariaDB",
    there: hasMysql,
    what: mysqlNeed,
    fresh: freshMysql,
    closed: "mysql://login:geheim@127.0.0.1:1/login",
  },
]

for (const { name, there, what, fresh, closed } of engines) {
  test(`${name} as it comes is well, and an empty database stays empty`, async context => {
    need(context, await there(), what)
    const url = await fresh()
    const { well, wrong } = await examine(url)
    expect(wrong).toEqual([])
    // How much memory the machine's own server was given is not ours to expect.
    expect(well.filter(line => !line.startsWith("innodb_buffer_pool_size"))).toEqual([
      expect.stringMatching(/^store: \w+ [\d.]+ answers in \d+ ms and takes writes/),
      expect.stringMatching(/^schema: none yet/),
      expect.stringMatching(/^durability: /),
      expect.stringMatching(/^clock: /),
    ])
    // What else doctor looks for is kept in tables, which opening the store would make.
    expect(await isUpToDate(url)).toBe(false)
    expect(await migrateStore(url, true)).toMatchObject({ from: 0 })
    await migrateStore(url, false)
    expect(await isUpToDate(url)).toBe(true)
    expect((await examine(url)).well).toContainEqual(expect.stringMatching(/^schema: \d+, up to date/))
  })

  test(`${name}: a clock that is an hour wrong is told by how much`, async context => {
    need(context, await there(), what)
    const url = await fresh()
    const { wrong } = await examine(url, () => Date.now() + 3_600_000)
    expect(wrong).toEqual([
      expect.stringMatching(/^clock: \S+ is (3599|3600)\d{3} ms ahead of the database's\..*NTP/),
    ])
  })

  test(`${name} that is not there, or takes the call and says nothing, is told within the deadline`, {
    timeout: 15_000,
  }, async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1")
    await new Promise(resolve => silent.once("listening", resolve))
    const { port } = silent.address() as { readonly port: number }
    for (const url of [closed, closed.replace(":1/", `:${port}/`)]) {
      const startedAt = performance.now()
      const { well, wrong } = await examine(url)
      expect(performance.now() - startedAt).toBeLessThan(5_000)
      expect([well, wrong]).toEqual([
        [],
        [expect.stringMatching(/^store: can't be used: .*Check host, port/)],
      ])
      expect(wrong.join()).not.toContain("geheim")
    }
    silent.close()
  })
}

test("PostgreSQL: a replica, and a user who may not make tables, are told apart", async context => {
  need(context, await hasPostgres(), postgresNeed)
  const url = new URL(await freshPostgres())
  const options = url.searchParams.get("options")
  url.searchParams.set("options", `${options} -c default_transaction_read_only=on`)
  expect((await examine(url.href)).wrong).toEqual([
    expect.stringMatching(/^store: .*takes no writes: .*primary/),
  ])
  url.searchParams.set("options", "-c search_path=pg_toast_nothing")
  expect((await examine(url.href)).wrong).toEqual([expect.stringMatching(/^store: .*may not write.*Grant/)])
})

test("MariaDB: a user who may only read is told so", async context => {
  need(context, await hasMysql(), mysqlNeed)
  const url = new URL(await freshMysql())
  await migrateStore(url.href, false)
  const reader = `reader_${url.pathname.slice(-12)}`
  await askMysql(`CREATE USER ${reader}@'%'; GRANT SELECT ON ${url.pathname.slice(1)}.* TO ${reader}@'%'`)
  try {
    url.username = reader
    expect((await examine(url.href)).wrong).toEqual([
      expect.stringMatching(/^store: MariaDB .*may not write.*Grant/),
    ])
  } finally {
    await askMysql(`DROP USER ${reader}@'%'`)
  }
})

test("a schema behind, ahead and too far ahead", () => {
  const told = (version: number, known: number, runsCodeFrom: number) => {
    const { ok, says } = schemaFinding({ version, known, runsCodeFrom })
    return [ok, says.en]
  }
  expect(told(1, 2, 1)).toEqual([false, expect.stringContaining("Run npx denglu migrate")])
  expect(told(3, 2, 2)).toEqual([true, expect.stringContaining("this version runs on it")])
  expect(told(3, 2, 3)).toEqual([false, expect.stringContaining("Install the newer version")])
})

test("denglu doctor tells it all, and its help says what it looks at", async context => {
  need(context, await hasPostgres(), postgresNeed)
  const url = new URL(await freshPostgres())
  const options = url.searchParams.get("options")
  url.searchParams.set("options", `${options} -c synchronous_commit=off`)
  const env = {
    WECHAT_APPID: "wx0123456789abcdef",
    WECHAT_SECRET: "0".repeat(32),
    DENGLU_SECRET: "q8Zr2mV7xK1tB5nW9cJ4hL0pS6dF3gYa",
    DENGLU_STORE: url.href,
  }
  const where = { cwd: bench.folder(), env }
  const { code, stdout } = await runCli(["doctor"], where)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ +✓ store PostgreSQL /m)
  expect(stdout).toMatch(/^ +✗ synchronous_commit is off: .*ALTER SYSTEM/m)
  const help = await runCli(["doctor", "--help"], where)
  expect(help.code).toBe(0)
  for (const word of [
    "binlog_format",
    "innodb_flush_log_at_trx_commit",
    "fsync",
    "schema",
    "clock",
    "--json",
  ])
    expect(help.stdout).toContain(word)
})
