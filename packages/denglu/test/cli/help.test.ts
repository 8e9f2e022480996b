import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { describe, expect, test } from "vitest"
import { commonFlags } from "../../src/cli/arguments.ts"
import { commands } from "../../src/cli/commands.ts"
import { runCli } from "./run-cli.ts"

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  runCli(args, { cwd: tmpdir(), env })

const languages = ["en", "zh"] as const

describe("the overview", () => {
  test("--help, help and nothing at all show every command, and succeed", async () => {
    const shown = await Promise.all([["--help"], ["help"], []].map(args => run(args)))
    for (const { code, stdout, stderr } of shown) {
      expect(code).toBe(0)
      expect(stderr).toBe("")
      const lines = stdout.split("\n").map(line => line.trim().replace(/ {2,}/, ": "))
      for (const { name, says } of commands) expect(lines).toContain(`denglu ${name}: ${says.en}`)
    }
  })

  test("it speaks Chinese with --lang zh, and in a Chinese environment", async () => {
    const shown = await Promise.all([
      run(["--help", "--lang", "zh"]),
      run(["--lang=zh"]),
      run(["--help"], { LANG: "zh_CN.UTF-8" }),
    ])
    for (const { code, stdout } of shown) {
      expect(code).toBe(0)
      for (const { says } of commands) expect(stdout).toContain(says.zh)
    }
  })

  test("--version prints the version and nothing else", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    for (const flag of ["--version", "-v"])
      expect(await run([flag])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" })
  })
})

describe.each(languages)("help in %s", language => {
  test("every command's --help names its flags and what they do, and succeeds", async () => {
    for (const command of commands) {
      const { code, stdout, stderr } = await run([...command.name.split(" "), "--help", "--lang", language])
      expect(code, command.name).toBe(0)
      expect(stderr).toBe("")
      expect(stdout).toContain(command.says[language])
      for (const flag of [...command.flags, ...commonFlags]) {
        expect(stdout, command.name).toMatch(new RegExp(`^ +--${flag.name}\\b`, "m"))
        expect(stdout, command.name).toContain(flag.says[language])
      }
      for (const { line } of command.examples) expect(stdout).toContain(line)
    }
  })
})

test.each(["users", "keys", "sessions", "audit", "platforms"])(
  "denglu %s --help lists the commands that begin so, and no others",
  async group => {
    const shown = await Promise.all([
      run([group, "--help"]),
      run(["help", group]),
      run([group, "-h", "--lang", "zh"]),
    ])
    shown.forEach(({ code, stdout, stderr }, index) => {
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
      for (const { name, says } of commands) {
        const told = stdout.includes(`denglu ${name} `) && stdout.includes(index === 2 ? says.zh : says.en)
        expect(told, name).toBe(name.startsWith(`${group} `))
      }
    })
  },
)

test("help start and start --help are the same, and name every variable that has to be set", async () => {
  const [asked, flagged] = await Promise.all([run(["help", "start"]), run(["start", "--help"])])
  expect(asked).toEqual(flagged)
  for (const name of ["WECHAT_APPID", "WECHAT_SECRET", "DENGLU_SECRET", "DENGLU_STORE"])
    expect(asked.stdout).toContain(name)
})

describe("a wrong call ends with exit code 2 and a suggestion, not a stack", () => {
  test.each([
    { args: ["strat"], says: "denglu start" },
    { args: ["doctr"], says: "denglu doctor" },
    { args: ["session", "list"], says: "denglu sessions" },
    { args: ["keys"], says: "denglu keys rotate" },
    { args: ["keys", "rotat"], says: "denglu keys rotate" },
    { args: ["sessions", "--user", "1"], says: "denglu sessions list" },
    { args: ["users", "--help", "--jsn=1"], says: "denglu users has no flag --jsn;" },
    { args: ["users", "lisst", "--help"], says: "denglu users show" },
    { args: ["start", "--prot", "1"], says: "--port" },
    { args: ["dev", "--simulatorport", "1"], says: "--simulator-port" },
    { args: ["sessions", "list", "--jsn"], says: "--json" },
    { args: ["start", "--port"], says: "--port" },
    { args: ["dev", "--port", "many"], says: "--port" },
    { args: ["dev", "--port", "65536"], says: "65535" },
    { args: ["--lang", "fr"], says: "--lang is en or zh." },
    { args: ["--help", "--lang=fr"], says: "--lang is en or zh." },
    { args: ["help", "start", "--lang"], says: "--lang is en or zh." },
    { args: ["users", "--help", "--lang", "en", "--lang", "fr"], says: "--lang is en or zh." },
    { args: ["dev", "--lang", "fr"], says: "--lang is en or zh." },
    { args: ["--verison"], says: "denglu --help" },
  ])("denglu $args", async ({ args, says }) => {
    const { code, stdout, stderr } = await run(args)
    expect(stderr).toContain(says)
    expect(code).toBe(2)
    expect(stdout).toBe("")
    expect(stderr).not.toContain("    at ")
  })

  test("in Chinese too", async () => {
    const { code, stderr } = await run(["strat", "--lang", "zh"])
    expect(code).toBe(2)
    expect(stderr).toContain("你是不是想写 denglu start？")
  })
})
