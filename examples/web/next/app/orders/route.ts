import { requireUser } from "denglu/fetch"
import { login } from "@/lib/login.ts"

/** A route of the shop's own: only for who is logged in, by cookie or by token. */
export async function GET(request: Request): Promise<Response> {
  const answer = requireUser(await login(), (_request, user) => Response.json({ orders: [], of: user.id }))
  return answer(request)
}
