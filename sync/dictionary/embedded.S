/* The dictionaries, inside the program: the rules read no file. One that has been shipped stays. */
.section .rodata
.balign 8
.global throughgate_dictionary_1
.global throughgate_dictionary_1_end
throughgate_dictionary_1:
  .incbin "1.zdict"
throughgate_dictionary_1_end:
  .byte 0
.section .note.GNU-stack, "", %progbits
