// Small pieces with a state of their own, for the CSP build of Alpine. Loaded before Alpine starts.
document.addEventListener("alpine:init", () => {
  // One pad of large keys for the fields of its form: press, and the digit goes to the marked field.
  Alpine.data("numberPad", () => ({
    marked: null,
    cameByItself: false,

    init() {
      const fields = this.fields();
      for (const field of fields) field.addEventListener("focus", () => this.mark(field));
      if (matchMedia("(pointer: coarse)").matches) fields.forEach((field) => { field.inputMode = "none"; });
      this.$root.addEventListener("reset", () => this.mark(fields[0]));
      if (fields.length) this.mark(fields.find((field) => !field.value) || fields[0]);
    },

    fields() { return [...this.$root.querySelectorAll("[data-pad-field]")]; },

    mark(field) {
      for (const other of this.fields()) other.classList.toggle("is-marked", other === field);
      this.marked = field;
    },

    press(event) {
      const key = event.currentTarget.dataset.key;
      const arrived = this.cameByItself;
      this.cameByItself = false;
      // "Next" after the last digit that fits has already happened.
      if (key === "next") return arrived ? undefined : this.next();
      if (key === "back") this.marked.value = this.marked.value.slice(0, -1);
      else this.type(key);
      this.marked.dispatchEvent(new Event("input", { bubbles: true }));
    },

    type(key) {
      const field = this.marked;
      if (key === "." && (!("decimals" in field.dataset) || field.value.includes("."))) return;
      const most = Number(field.dataset.maxDigits);
      if (field.value.replace(".", "").length >= most) return;
      field.value += key;
      if (field.value.replace(".", "").length >= most) {
        this.next();
        this.cameByItself = true;
      }
    },

    next() {
      const fields = this.fields();
      const following = fields[fields.indexOf(this.marked) + 1];
      if (following) this.mark(following);
      else this.$root.querySelector(".wd-pad-save").focus();
    },
  }));
});
