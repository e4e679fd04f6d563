// The ring around the cell that has the focus: an element of its own above the table, moved without painting anything
// anew. An outline on the cell made the browser paint thousands of cells with every arrow key.

const ring = document.createElement('div');
ring.className = 'cell-ring';
ring.hidden = true;

function moveRing(td) {
  const table = grid();
  if (ring.parentElement !== table.parentElement) table.parentElement.append(ring);
  ring.style.width = `${td.offsetWidth}px`;
  ring.style.height = `${td.offsetHeight}px`;
  ring.style.transform = `translate(${table.offsetLeft + td.offsetLeft}px, ${table.offsetTop + td.offsetTop}px)`;
  ring.hidden = false;
}

/** Shown while a cell itself has the focus, not its form. */
function showRing() {
  const td = grid() && cellOf(document.activeElement);
  if (td && td === document.activeElement) moveRing(td);
  else ring.hidden = true;
}

document.addEventListener('focusin', showRing);
// From one cell to the next it stays: to take it away and bring it back would paint the table.
document.addEventListener('focusout', event => { if (!event.relatedTarget || !cellOf(event.relatedTarget)) ring.hidden = true; });
window.addEventListener('resize', showRing);
