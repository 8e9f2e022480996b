import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { transformSync } from "esbuild"
import { expect, test } from "vitest"
import { miniprogramModule } from "../../../scripts/bundle-miniprogram.ts"
import { answerAll, person } from "./support/replies.ts"
import { createScriptedPlatform } from "./support/scripted-platform.ts"
import { baseUrl } from "./support/start.ts"

/**
 * What WeChat wraps a module in has parameters of these names, all `undefined`, so that code which feels its way takes
 * it for no page. A `const` of such a name at a module's top level is a SyntaxError there, and only there.
 */
const shadowed =
  "window document frames self location navigator localStorage history Caches screen alert confirm prompt fetch XMLHttpRequest WebSocket webkit WeixinJSCore Reporter print URL DOMParser upload preview build __global WeixinJSBridge"

type Exports = { readonly [name: string]: unknown }
type Require = (specifier: string) => Exports

/** Runs a CommonJS module as a mini program does. */
function runWrapped(code: string, require: Require): Exports {
  const module = { exports: {} }
  const run = new Function("require", "module", "exports", ...shadowed.split(" "), `"use strict";${code}`)
  run(require, module, module.exports)
  return module.exports
}

const source = fileURLToPath(new URL("../src", import.meta.url))

/** Compiles a source file by itself, as a user's bundler does that keeps modules apart, and runs it. */
function runSource(file: string, loaded = new Map<string, Exports>()): Exports {
  const known = loaded.get(file)
  if (known !== undefined) return known
  const { code } = transformSync(readFileSync(file, "utf8"), {
    loader: "ts",
    format: "cjs",
    target: "es2017",
    platform: "neutral",
  })
  const exports = runWrapped(code, specifier => runSource(join(dirname(file), specifier), loaded))
  loaded.set(file, exports)
  return exports
}

type CreateLogin = typeof import("@denglu/miniprogram").createLogin

async function logsIn({ createLogin, LoginError }: Exports): Promise<void> {
  const phone = createScriptedPlatform({ onCall: answerAll() })
  const login = (createLogin as CreateLogin)({ baseUrl, platform: phone.platform })
  expect(await login.ready()).toEqual(person)
  await login.logout()
  await expect(login.request({ url: "/orders" })).rejects.toBeInstanceOf(LoginError)
}

test("what 构建 npm takes runs in WeChat's wrapper of a module, and needs no other module", async () => {
  const shipped = runWrapped(await miniprogramModule("index"), specifier => {
    throw new Error(`there is no ${specifier}`)
  })
  expect(Object.keys(shipped).sort()).toEqual(["LoginError", "createLogin"])
  await logsIn(shipped)
})

test("so does the part for open data", async () => {
  const shipped = runWrapped(await miniprogramModule("open-data"), specifier => {
    throw new Error(`there is no ${specifier}`)
  })
  expect(Object.keys(shipped).sort()).toEqual(["OpenDataError", "openData", "prepareOpenData"])
  const { openData, OpenDataError } = shipped as unknown as typeof import("@denglu/miniprogram/open-data")
  const refusal = openData({} as never, { detail: { errMsg: "getUserInfo:fail auth deny" } })
  await expect(refusal).rejects.toBeInstanceOf(OpenDataError)
})

test("and the part for phone numbers", async () => {
  const shipped = runWrapped(await miniprogramModule("phone"), specifier => {
    throw new Error(`there is no ${specifier}`)
  })
  expect(Object.keys(shipped).sort()).toEqual(["PhoneError", "bindPhone", "unbindPhone"])
  const { bindPhone, PhoneError } = shipped as unknown as typeof import("@denglu/miniprogram/phone")
  const refusal = bindPhone({} as never, { detail: { errMsg: "getPhoneNumber:fail user deny" } })
  await expect(refusal).rejects.toBeInstanceOf(PhoneError)
})

test("and the part for leaving", async () => {
  const shipped = runWrapped(await miniprogramModule("leave"), specifier => {
    throw new Error(`there is no ${specifier}`)
  })
  expect(Object.keys(shipped)).toEqual(["leave"])
  const { leave } = shipped as unknown as typeof import("@denglu/miniprogram/leave")
  const code = () => Promise.reject(Object.assign(new Error("no"), { code: "login_failed" }))
  await expect(leave({ code } as never)).rejects.toThrow("no")
})

test("so does the part for scanning", async () => {
  const shipped = runWrapped(await miniprogramModule("scan"), specifier => {
    throw new Error(`there is no ${specifier}`)
  })
  expect(Object.keys(shipped).sort()).toEqual(["ScanError", "confirmScan", "denyScan", "openScan"])
  const { openScan, ScanError } = shipped as unknown as typeof import("@denglu/miniprogram/scan")
  const refusal = openScan({} as never, {}, { scene: 1001, query: {} })
  await expect(refusal).rejects.toBeInstanceOf(ScanError)
})

test("what bundlers take runs in it as well", () => logsIn(runSource(join(source, "index.ts"))))

test.each(globSync("**/*.ts", { cwd: source }))("%s runs in it", file => {
  expect(runSource(join(source, file))).toBeTypeOf("object")
})
