/// <reference types="@dcloudio/types" />
/// <reference types="miniprogram-api-typings" />
import { createLogin, type Platform } from "@denglu/miniprogram"
import { expect, expectTypeOf, test } from "vitest"
import { createScriptedPlatform } from "../support/scripted-platform.ts"
import { baseUrl } from "../support/start.ts"
import type { createTaro } from "./taro.ts"
import { createUni } from "./uni.ts"

/** Compiled, never called: the three global objects are not here. */
const compiles = {
  wx: () => createLogin({ baseUrl, platform: wx }),
  byDefault: () => createLogin({ baseUrl }),
  uni: () => createLogin({ baseUrl, platform: uni }),
}

test("wx, uni and an object typed as Taro are platforms", () => {
  expectTypeOf<WechatMiniprogram.Wx>().toExtend<Platform>()
  expectTypeOf<UniNamespace.Uni>().toExtend<Platform>()
  expectTypeOf<ReturnType<typeof createTaro>>().toExtend<Platform>()
  expectTypeOf<ReturnType<typeof createUni>>().toExtend<Platform>()
  expect(Object.keys(compiles)).toHaveLength(3)
})

test("what is no platform does not compile", () => {
  // @ts-expect-error a platform has login, request and storage
  expect(() => createLogin({ baseUrl, platform: {} }).ready()).toBeTypeOf("function")
  expectTypeOf<{ login(): void }>().not.toExtend<Platform>()
})

test("connectSocket answers the task of the platform that was given", () => {
  type Task<Make extends () => { connectSocket(options: never): Promise<unknown> }> = Awaited<
    ReturnType<ReturnType<Make>["connectSocket"]>
  >
  expectTypeOf<Task<typeof compiles.wx>>().toEqualTypeOf<WechatMiniprogram.SocketTask>()
  expectTypeOf<Task<typeof compiles.byDefault>>().toEqualTypeOf<WechatMiniprogram.SocketTask>()
  expectTypeOf<UniNamespace.SocketTask>().toExtend<Task<typeof compiles.uni>>()
})

test("a request answers what the page says it answers, else unknown", () => {
  const ask = (login = compiles.byDefault()) => ({
    typed: login.request<{ total: number }>({ url: "/orders" }),
    untyped: login.request({ url: "/orders" }),
  })
  expectTypeOf<ReturnType<typeof ask>["typed"]>().toEqualTypeOf<Promise<{ total: number }>>()
  expectTypeOf<ReturnType<typeof ask>["untyped"]>().toEqualTypeOf<Promise<unknown>>()
})

test("callbacks are the SDK's: a page can't pass its own", () => {
  const login = createLogin({ baseUrl, platform: createUni(createScriptedPlatform().platform) })
  type Options = Parameters<typeof login.request>[0]
  expectTypeOf<Options>().not.toHaveProperty("success")
  expectTypeOf<Options>().not.toHaveProperty("fail")
  expectTypeOf<Options>().not.toHaveProperty("complete")
})
