import { describe, expect, test } from "vitest"
import { examineDatabase } from "../../src/store/examine-database.ts"
import { migrateStore } from "../../src/store/migrate-store.ts"
import { openStore } from "../../src/store/open-store.ts"
import { readServerUrl } from "../../src/store/store-url.ts"
import { openTransferSource, openTransferTarget } from "../../src/store/transfer/open-transfer.ts"

test("connections is taken out of the URL, and everything else stays as it was", () => {
  const bare = "postgres://user:p%40ss@host:5432/login"
  expect(readServerUrl(bare)).toEqual({ url: bare })
  expect(readServerUrl(`${bare}?connections=20`)).toEqual({ url: bare, connections: 20 })
  expect(readServerUrl(`${bare}?sslmode=require&connections=2&a=b`)).toEqual({
    url: `${bare}?sslmode=require&a=b`,
    connections: 2,
  })
  expect(readServerUrl(`${bare}?a=b?c&connections=2`)).toEqual({ url: `${bare}?a=b?c`, connections: 2 })
})

/** Everything that connects to the database of a URL. */
const readers = [
  { name: "openStore", open: (url: string) => openStore(url) },
  { name: "migrateStore", open: (url: string) => migrateStore(url, true) },
  { name: "examineDatabase", open: (url: string) => examineDatabase(url, Date.now) },
  { name: "openTransferSource", open: (url: string) => openTransferSource(url) },
  { name: "openTransferTarget", open: (url: string) => openTransferTarget(url) },
]

describe.each(readers)("$name", ({ open }) => {
  test.each(["1", "0", "-3", "2.5", "", "many", "1001"])(
    "connections=%s is refused with what to write",
    async wrong => {
      for (const scheme of ["mysql", "postgres"])
        await expect(open(`${scheme}://host/login?connections=${wrong}`)).rejects.toThrow(
          "store: connections must be a whole number from 2 to 1000",
        )
    },
  )

  test.each([
    "mysql://login:%zz@host/login",
    "mysql://login:50%@host/login",
    "mysql://login:%ff@host/login",
    "mysql://login:s3#cret@host/login",
    "mysql://login:12#cret@host/login",
    "mysql://login:12/cret@host/login",
    "mariadb://login:s3/cret@host/login",
    "postgres://login:s3#cret@host/login",
    "postgres://login:12#cret@host/login",
    "postgresql://login:%ff@host/login",
    "postgres://login:cret@ho st/login",
  ])("%s is refused with what to write, and not repeated", async wrong => {
    const error = await open(wrong).catch(thrown => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(
      /^store: [a-z]+:\/\/… is not a URL: write special characters in user and password percent-encoded \(encodeURIComponent\)$/,
    )
    expect(error.cause).toBeUndefined()
  })
})

test.each([
  "postgres:///login?host=/var/run/postgresql",
  "postgres://login@/login?host=/var/run/postgresql",
  "postgres://%2Fvar%2Frun%2Fpostgresql/login",
  "postgres://login:50%@host/login",
  "postgresql://login:p%40s%23@[::1]:5432/login?options=-c%20search_path%3Da",
  "mysql://login:p%40s%23@[::1]:3306/login?ssl={}",
  "mariadb://login:p@ss@host/login",
])("%s is taken as it is", url => {
  expect(readServerUrl(url)).toEqual({ url })
})
