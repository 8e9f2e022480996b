import { expect, test } from "vitest"
import { openStore, readConnections } from "../../src/store/open-store.ts"

test("connections is taken out of the URL, and everything else stays as it was", () => {
  const bare = "postgres://user:p%40ss@host:5432/login"
  expect(readConnections(bare)).toEqual({ url: bare })
  expect(readConnections(`${bare}?connections=20`)).toEqual({ url: bare, connections: 20 })
  expect(readConnections(`${bare}?sslmode=require&connections=2&a=b`)).toEqual({
    url: `${bare}?sslmode=require&a=b`,
    connections: 2,
  })
})

test.each(["1", "0", "-3", "2.5", "", "many", "1001"])(
  "connections=%s is refused with what to write",
  async wrong => {
    await expect(openStore(`mysql://host/login?connections=${wrong}`)).rejects.toThrow(
      "store: connections must be a whole number from 2 to 1000",
    )
  },
)
