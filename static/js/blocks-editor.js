/* Detail blocks in admin: add, move and take out rows; a row shows the fields of its kind only. */

(() => {
  const mark = (row) => {
    const select = row.querySelector("[data-block-kind]");
    const fields = (select.selectedOptions[0]?.dataset.fields ?? "").split(" ");
    for (const part of row.querySelectorAll("[data-field]")) {
      part.hidden = !part.dataset.field.split(" ").some((name) => fields.includes(name));
    }
  };

  const number = (editor) => {
    const rows = editor.querySelectorAll("[data-blocks-rows] > [data-block]");
    rows.forEach((row, index) => { row.querySelector("[data-block-sort]").value = index; });
  };

  const ready = (row) => {
    for (const plain of row.querySelectorAll("[data-block-plain]")) plain.hidden = true;
    row.querySelector("[data-block-buttons]").hidden = false;
    mark(row);
  };

  const add = (editor) => {
    const total = editor.querySelector("[data-blocks-total]");
    const place = document.createElement("div");
    place.innerHTML = editor.querySelector("[data-blocks-empty]").innerHTML.replaceAll("__n__", total.value);
    const row = place.firstElementChild;
    total.value = Number(total.value) + 1;
    editor.querySelector("[data-blocks-rows]").append(row);
    ready(row);
    number(editor);
    row.querySelector("[data-block-kind]").focus();
  };

  const move = (button, row, editor) => {
    if (button.matches("[data-block-up]")) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    number(editor);
    button.focus();
  };

  const press = (event) => {
    const button = event.target.closest("button");
    const editor = button?.closest("[data-blocks]");
    if (!editor) return;
    const row = button.closest("[data-block]");
    if (button.matches("[data-blocks-add]")) add(editor);
    else if (button.matches("[data-block-up], [data-block-down]")) move(button, row, editor);
    else if (button.matches("[data-block-remove]")) {
      row.querySelector("[data-block-gone]").checked = true;
      row.hidden = true;
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const editor of document.querySelectorAll("[data-blocks]")) {
      for (const row of editor.querySelectorAll("[data-blocks-rows] > [data-block]")) ready(row);
      editor.querySelector("[data-blocks-add]").hidden = false;
      number(editor);
    }
  });
  document.addEventListener("click", press);
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.("[data-block-kind]")) mark(target.closest("[data-block]"));
  });
})();
