/* SPDX-License-Identifier: GPL-2.0 */
/* Draws a screen of text repeatedly, and restores the terminal at the end. */
#ifndef _SCX_LOOP_CAP_TERMINAL_H
#define _SCX_LOOP_CAP_TERMINAL_H

#include <stdbool.h>

bool terminal_usable(void);
bool terminal_colour(void);
void terminal_begin(bool screen);
void terminal_draw(const char *text);
bool terminal_wait(double seconds);
void terminal_end(void);

#endif /* _SCX_LOOP_CAP_TERMINAL_H */
