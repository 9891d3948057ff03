// SPDX-License-Identifier: GPL-2.0
/*
 * Two functions that libelf.a of elfutils 0.192 (Debian 13) lacks
 *
 * That release moved its search tree to a separate library that is not installed,
 * so static linking fails (sourceware bug 32293). The tree holds the chunks that
 * elf_getdata_rawchunk() returns. libbpf never calls that, so the tree is always
 * empty, and creating and freeing it can do nothing.
 *
 * Both are weak, so that real ones take precedence. Remove this file when Debian 13
 * is no longer supported.
 */
#pragma weak eu_search_tree_init
#pragma weak eu_search_tree_fini

void eu_search_tree_init(void *tree)
{
	(void)tree;
}

void eu_search_tree_fini(void *tree, void (*free_node)(void *node))
{
	(void)tree;
	(void)free_node;
}
