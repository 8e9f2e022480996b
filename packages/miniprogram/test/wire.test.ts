import { expectTypeOf, test } from "vitest"
import type { LogInRequest, TokenReply as ServerTokenReply } from "../../denglu/src/protocol/log-in.ts"
import type { LogOutRequest } from "../../denglu/src/protocol/log-out.ts"
import type { BindPhoneRequest, PhoneReply } from "../../denglu/src/protocol/phone.ts"
import type { Problem as ServerProblem } from "../../denglu/src/protocol/problem.ts"
import type { RefreshRequest } from "../../denglu/src/protocol/refresh.ts"
import type { OpenScanReply } from "../../denglu/src/protocol/scan.ts"
import type { ChangeProfileRequest, UserReply } from "../../denglu/src/protocol/user.ts"
import type { Phone } from "../src/phone.ts"
import type { ScanRequest } from "../src/scan.ts"
import type { Problem, TokenReply, User } from "../src/wire.ts"

/** Each of these is a rule of the compiler: nothing is left to do when it runs. */
type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

test("the token reply that is read here is what the server answers, but for its constant type", () => {
  expectTypeOf<Omit<ServerTokenReply, "token_type" | "user">>().toEqualTypeOf<
    Mutable<Omit<TokenReply, "user">>
  >()
  expectTypeOf<ServerTokenReply>().toExtend<TokenReply>()
})

test("the user of a login is the server's, field by field", () => {
  expectTypeOf<ServerTokenReply["user"]>().toEqualTypeOf<Required<Mutable<User>>>()
})

test("the user of GET and PATCH /me can be handed to setUser", () => {
  expectTypeOf<UserReply>().toExtend<User>()
  expectTypeOf<ChangeProfileRequest>().toExtend<Partial<User>>()
})

test("a phone number is the server's, field by field, and a code is what it takes", () => {
  expectTypeOf<PhoneReply>().toEqualTypeOf<Mutable<Phone>>()
  expectTypeOf<{ code: string }>().toExtend<BindPhoneRequest>()
})

test("every field of a problem document that is read here is one of the server's, of the same type", () => {
  expectTypeOf<ServerProblem>().toExtend<Problem>()
  expectTypeOf<keyof Problem>().toExtend<keyof ServerProblem>()
  expectTypeOf<ServerProblem["code"]>().toExtend<NonNullable<Problem["code"]>>()
})

test("what is sent is what the server takes", () => {
  expectTypeOf<{ code: string; appid?: string }>().toEqualTypeOf<LogInRequest>()
  expectTypeOf<{ refresh_token: string }>().toExtend<RefreshRequest>()
  expectTypeOf<{ everywhere?: boolean }>().toEqualTypeOf<LogOutRequest>()
})

test("who wants to be logged in is what the server answers, field by field", () => {
  expectTypeOf<OpenScanReply["site"]>().toEqualTypeOf<Mutable<ScanRequest["site"]>>()
  expectTypeOf<Omit<OpenScanReply, "site">>().toEqualTypeOf<Mutable<Omit<ScanRequest, "site">>>()
})
