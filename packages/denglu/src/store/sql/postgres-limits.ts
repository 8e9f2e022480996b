import type { SharedCount } from "../store.ts"
import { numbers, type PostgresClient, texts } from "./postgres-connection.ts"

const addText = `
INSERT INTO denglu_limits AS l (key, minute, count)
SELECT key, minute, count FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS e (key, minute, count) ORDER BY key
ON CONFLICT (key, minute) DO UPDATE SET count = l.count + excluded.count
RETURNING key, count`

/** Adds to the counts of the minutes and answers what they are now, in the same order. No key comes twice. */
export async function addCounts(client: PostgresClient, added: readonly SharedCount[]): Promise<number[]> {
  const { rows } = await client.query({
    name: "denglu_add_counts",
    text: addText,
    values: [
      texts(added.map(({ key }) => key)),
      numbers(added.map(({ window }) => window)),
      numbers(added.map(({ count }) => count)),
    ],
  })
  const totals = new Map(rows.map(row => [row.key as string, row.count as number]))
  return added.map(({ key }) => totals.get(key) ?? 0)
}

/** Drops the counts of minutes that are over; answers how many. */
export async function dropCounts(client: PostgresClient, before: number, limit: number): Promise<number> {
  if (limit <= 0) return 0
  const { rowCount } = await client.query({
    name: "denglu_drop_counts",
    text: `DELETE FROM denglu_limits WHERE (key, minute) IN
      (SELECT key, minute FROM denglu_limits WHERE minute < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    values: [before, limit],
  })
  return rowCount ?? 0
}
