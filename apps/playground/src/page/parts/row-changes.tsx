import type { RowChange } from "../../protocol.ts"
import { useSay } from "../language.tsx"
import { words } from "../words.ts"
import { Secret } from "./secret.tsx"

/** The rows of the database that a message added, changed or removed. */
export function RowChanges({ rows }: { readonly rows: readonly RowChange[] }) {
  const say = useSay()
  return (
    <section class="block">
      <h3>{say(words.rows)}</h3>
      {rows.map(row => (
        <ChangedRow key={`${row.table} ${row.key}`} row={row} />
      ))}
    </section>
  )
}

function ChangedRow({ row }: { readonly row: RowChange }) {
  const say = useSay()
  const { table, change, key, columns } = row
  return (
    <table class="row-change" data-change={change}>
      <caption>
        <span class="change">{say(words[change])}</span>
        <code>{table}</code>
        <span class="row-key">{key}</span>
      </caption>
      <colgroup>
        <col class="column-names" />
        <col />
      </colgroup>
      <thead class="unseen">
        <tr>
          <th scope="col">{say(words.column)}</th>
          <th scope="col">{say(words.value)}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map(column => (
          <tr key={column.name} data-differs={column.before !== column.after}>
            <th scope="row">
              <code>{column.name}</code>
            </th>
            <td>
              <ColumnValue column={column} change={change} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Column = RowChange["columns"][number]

function ColumnValue({ column, change }: { readonly column: Column; readonly change: RowChange["change"] }) {
  const say = useSay()
  const { before, after } = column
  if (change === "added") return <Value column={column} value={after} />
  if (change === "removed" || before === after) return <Value column={column} value={before} />
  return (
    <>
      <del>
        <span class="unseen">{say(words.before)}: </span>
        <Value column={column} value={before} />
      </del>
      <ins>
        <span class="unseen">{say(words.after)}: </span>
        <Value column={column} value={after} />
      </ins>
    </>
  )
}

function Value({ column, value }: { readonly column: Column; readonly value: string | undefined }) {
  const say = useSay()
  if (value === undefined) return <span class="explain">{say(words.nothing)}</span>
  if (column.secret !== undefined) return <Secret value={value} why={column.secret} of={column.name} />
  return <code class="value">{value}</code>
}
