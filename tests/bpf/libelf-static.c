// SPDX-License-Identifier: GPL-2.0
/*
 * What libelf.a of elfutils 0.192 (Debian 13) lacks
 *
 * That release moved its search tree to a library of its own which is not
 * installed, so nothing links statically (sourceware bug 32293). The tree
 * holds the chunks that elf_getdata_rawchunk() hands out. libbpf never calls
 * that, so setting up and tearing down an empty tree is all that is missing.
 *
 * Weak, to give way to the real ones. Drop this with Debian 13.
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
