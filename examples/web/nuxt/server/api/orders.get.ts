import { requireUser } from "denglu/fetch"

/** A route of the shop's own: only for who is logged in, by cookie or by token. */
export default defineEventHandler(async event => {
  const answer = requireUser(await login(), (_request, user) => Response.json({ orders: [], of: user.id }))
  return answer(toWebRequest(event))
})
