/* app.css and app.js, plain and gzipped, inside the program: no file to find, no path to walk. */
.macro asset symbol, file
  .global \symbol
  .global \symbol\()_end
\symbol:
  .incbin "\file"
\symbol\()_end:
  .byte 0
.endm

.section .rodata
asset throughgate_app_css, "app.css"
asset throughgate_app_css_gz, "app.css.gz"
asset throughgate_app_js, "app.js"
asset throughgate_app_js_gz, "app.js.gz"
.section .note.GNU-stack, "", %progbits
