/** A ring of which a share is full: 1 is all of it. */
export function Ring({
  share,
  size,
  width,
}: {
  readonly share: number
  readonly size: number
  readonly width: number
}) {
  const radius = (size - width) / 2
  const round = 2 * Math.PI * radius
  const centre = size / 2
  return (
    <svg class="ring" width={size} height={size} data-over={share === 0} aria-hidden="true" focusable="false">
      <circle class="ring-all" cx={centre} cy={centre} r={radius} stroke-width={width} />
      <circle
        class="ring-left"
        cx={centre}
        cy={centre}
        r={radius}
        stroke-width={width}
        stroke-dasharray={round}
        stroke-dashoffset={round * (1 - share)}
        transform={`rotate(-90 ${centre} ${centre})`}
      />
    </svg>
  )
}
