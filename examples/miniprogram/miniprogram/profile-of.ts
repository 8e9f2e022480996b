import type { User } from "@denglu/miniprogram"
import { i18n } from "./i18n.js"

/** What is shown of a user. */
export interface Profile {
  readonly name: string
  readonly avatar: string
}

/** Fills in what a new user has not said yet. */
export function profileOf(user: User | null): Profile {
  return {
    name: user?.nickname || i18n().nobody,
    avatar: user?.avatar_url || "/images/avatar.png",
  }
}
