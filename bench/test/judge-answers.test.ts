import { expect, test } from "vitest"
import { judgeAnswers } from "../src/measure/judge-answers.ts"

const asks = (socket = 20) => `7 read(${socket}<TCP:[31]>, "POST /login HTTP/1.1"..., 65536) = 180`
const answers = (socket = 20) => `7 write(${socket}<TCP:[31]>, "HTTP/1.1 200 OK"..., 700) = 700`
const writes = '7 pwrite64(18</data/login.db-wal>, "x"..., 4096, 24) = 4096'
const flushes = "7 fdatasync(18</data/login.db-wal>) = 0"

const early = (...lines: readonly string[]) => judgeAnswers(lines.join("\n")).early

test("an answer after its commit was written and flushed is in time", () => {
  expect(judgeAnswers([asks(), writes, flushes, answers()].join("\n"))).toEqual({
    answers: 1,
    flushes: 1,
    early: 0,
  })
})

test("an answer before its commit is early, even if the commit follows at once", () => {
  expect(early(asks(), answers(), writes, flushes)).toBe(1)
  expect(early(asks(), answers(), writes, flushes, asks(), answers(), writes, flushes)).toBe(2)
})

test("an answer between the write and the flush is early", () => {
  expect(early(asks(), writes, answers(), flushes)).toBe(1)
})

test("an answer without any flush is early", () => {
  expect(early(asks(), writes, answers())).toBe(1)
})

test("a flush of an earlier login does not count", () => {
  expect(early(asks(), writes, flushes, answers(), asks(), answers())).toBe(1)
})

test("a flush of nothing does not count", () => {
  expect(early(asks(), flushes, answers(), writes)).toBe(1)
})

test("a flush that failed does not count", () => {
  expect(early(asks(), writes, flushes.replace("= 0", "= -1 EIO (Input/output error)"), answers())).toBe(1)
})

test("a flush counts when it returns, not when it begins", () => {
  const begins = "8 fdatasync(18</data/login.db-wal> <unfinished ...>"
  const returns = "8 <... fdatasync resumed>) = 0"
  expect(early(asks(), writes, begins, answers(), returns)).toBe(1)
  expect(early(asks(), writes, begins, returns, answers())).toBe(0)
})

test("what is written while a flush is under way is not covered by it", () => {
  const begins = "8 fdatasync(18</data/login.db-wal> <unfinished ...>"
  const returns = "8 <... fdatasync resumed>) = 0"
  expect(early(asks(), begins, writes, returns, answers())).toBe(1)
})

test("logins that are committed together are answered after one flush", () => {
  expect(early(asks(20), asks(21), writes, flushes, answers(20), answers(21))).toBe(0)
})

test("a flush of another file does not count", () => {
  expect(early(asks(), writes, "7 fdatasync(19</data/login.db>) = 0", answers())).toBe(1)
})
