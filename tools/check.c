// SPDX-License-Identifier: GPL-2.0
/*
 * scx-loop-cap check
 *
 * Tells whether the module can be loaded. The checks are those of the module itself, with
 * the same code where it can be compiled in user space. Nothing is loaded or changed.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "../include/scx_loop_cap.h"
#include "cli.h"
#include "conflict.h"
#include "files.h"
#include "installed.h"
#include "kallsyms.h"
#include "modprobe_conf.h"
#include "output.h"
#include "running.h"
#include "snapshot.h"

#define WIDTH		16
/* The flush, scx_bpf_sub_dispatch(), the function with the outermost loop. */
#define FUNCS_MAX	3
#define TEXT_LEN	512

#define DIRECT_CONFIG	"CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"

/**
 * struct findings - results of all checks
 * @code: exit code; the first problem that was found decides
 * @why: description of that problem, "" if @code is %CODE_OK
 * @layout: result of the resolver
 * @funcs: functions that the module would patch
 * @livepatch: the kernel supports this backend
 * @direct: the kernel supports this backend
 * @backend: backend that the module would use
 * @others: other users of @funcs, "" if there are none
 * @misconfigured: the only problem so far is an option in modprobe.d
 * @module: path of the installed module, or ""
 * @signed_only: the kernel accepts only signed modules
 */
struct findings {
	int			code;
	char			why[TEXT_LEN];
	struct slc_layout	layout;
	const char		*funcs[FUNCS_MAX];
	bool			livepatch;
	bool			direct;
	char			backend[32];
	char			others[TEXT_LEN];
	bool			misconfigured;
	char			module[PATH_LEN];
	bool			signed_only;
};

/* Record a problem. Only the first one is kept. */
static void verdict(struct findings *f, int code, const char *why)
{
	if (f->code)
		return;
	f->code = code;
	snprintf(f->why, sizeof(f->why), "%.*s", TEXT_LEN - 1, why);
}

static void find_layout(struct findings *f)
{
	struct slc_why why = { "" };
	int ret = running_resolve(&f->layout, &why);
	unsigned int nr = 0;

	if (ret == -EACCES)
		verdict(f, CODE_CANNOT_TELL, why.text);
	else if (ret)
		verdict(f, CODE_UNSUPPORTED, why.text);
	if (ret)
		return;
	f->funcs[nr++] = f->layout.flush_name;
	if (f->layout.sub_dispatch)
		f->funcs[nr++] = "scx_bpf_sub_dispatch";
	if (f->layout.restarts)
		f->funcs[nr++] = f->layout.host_name;
	if (!kallsyms_has("register_kprobe"))
		verdict(f, CODE_UNSUPPORTED,
			"the kernel has no kprobes (CONFIG_KPROBES)");
	for (unsigned int i = 0; i < FUNCS_MAX && f->funcs[i]; i++) {
		if (ftrace_can_patch(f->funcs[i]))
			continue;
		slc_why_set(&why, -EOPNOTSUPP, "ftrace cannot patch %s", f->funcs[i]);
		verdict(f, CODE_UNSUPPORTED, why.text);
	}
}

/* Check a limit in modprobe.d, if there is one. Return %CODE_USAGE if it is not valid. */
static int find_limit(struct findings *f, const char *name, unsigned long long min,
		      unsigned long long max)
{
	unsigned long long value;
	char text[64];

	if (!conf_get(name, text, sizeof(text)))
		return CODE_OK;
	/* Like the kernel, accept a leading "+". */
	if (cli_parse_number(text + (*text == '+'), min, max, &value))
		return CODE_OK;
	f->misconfigured = !f->code;
	return cli_error(CODE_USAGE,
			 "%s must be %llu to %llu%s, not \"%s\"; correct it in /etc/modprobe.d",
			 name, min, max, max == SCX_LOOP_CAP_LIMIT_MAX ||
			 max == SCX_LOOP_CAP_PICK_LIMIT_MAX ? "" : " on this kernel", text);
}

/* Choose the backend as the module does. */
static int find_backend(struct findings *f, const char *asked)
{
	char why[TEXT_LEN];

	f->livepatch = kallsyms_has("klp_enable_patch");
	f->direct = kallsyms_has("register_ftrace_direct");
	if (asked)
		snprintf(f->backend, sizeof(f->backend), "%s", asked);
	else if (!conf_get("backend", f->backend, sizeof(f->backend)))
		strcpy(f->backend, "auto");
	if (strcmp(f->backend, "auto") && strcmp(f->backend, "livepatch") &&
	    strcmp(f->backend, "direct")) {
		f->misconfigured = !asked && !f->code;
		return cli_error(CODE_USAGE,
				 "backend \"%s\" is not one of auto, livepatch, direct%s",
				 f->backend, asked ? "" : "; correct it in /etc/modprobe.d");
	}
	if (!f->livepatch && !f->direct) {
		verdict(f, CODE_UNSUPPORTED,
			"the kernel has neither CONFIG_LIVEPATCH nor " DIRECT_CONFIG);
	} else if (!strcmp(f->backend, "auto")) {
		strcpy(f->backend, f->livepatch ? "livepatch" : "direct");
	} else if (!(*f->backend == 'l' ? f->livepatch : f->direct)) {
		snprintf(why, sizeof(why),
			 "this kernel has no backend \"%s\" (%s); use backend=%s",
			 f->backend, *f->backend == 'l' ? "CONFIG_LIVEPATCH" :
			 DIRECT_CONFIG, f->livepatch ? "livepatch" : "direct");
		f->misconfigured = !asked && !f->code;
		verdict(f, CODE_UNSUPPORTED, why);
	}
	if (f->layout.restarts && f->funcs[0] && (!f->direct || !f->layout.host_ret)) {
		snprintf(why, sizeof(why),
			 "with core scheduling this kernel can go on in a pick for ever, and %s cannot be replaced to end it%s",
			 f->layout.host_name, f->direct ? "" : " (" DIRECT_CONFIG ")");
		verdict(f, CODE_UNSUPPORTED, why);
	}
	return CODE_OK;
}

/* Find other users of a function, and whether they block the chosen backend. */
static void find_conflict(struct findings *f, const char *func)
{
	/* The function with the loop is replaced by a direct call with both backends. */
	bool host = !strcmp(func, f->layout.host_name);
	bool direct = host || !strcmp(f->backend, "direct");
	struct conflict c;
	char who[TEXT_LEN] = "", why[TEXT_LEN * 2];
	bool blocks = false;
	size_t len;

	conflict_find(func, &c);
	if (*c.livepatch) {
		snprintf(who, sizeof(who), "livepatch \"%s\" has replaced %s",
			 c.livepatch, func);
		blocks = true;
	} else if (c.modifies) {
		snprintf(who, sizeof(who), "another user of ftrace redirects %s", func);
		blocks = true;
	} else if (*c.direct) {
		snprintf(who, sizeof(who), "a direct call to %s is attached to %s", c.direct,
			 func);
		blocks = direct;
	} else if (c.unknown) {
		snprintf(who, sizeof(who),
			 "tracefs cannot be read, so only livepatches were checked");
	} else if (c.traced && !snapshot_loaded()) {
		snprintf(who, sizeof(who), "a tracer is attached to %s", func);
	}
	if (!*who)
		return;
	len = strlen(f->others);
	if (!strstr(f->others, who))
		snprintf(f->others + len, sizeof(f->others) - len, "%s%s",
			 len ? "; " : "", who);
	if (blocks) {
		snprintf(why, sizeof(why), "%s; load the module when that is removed%s",
			 who, *c.direct && !host ? ", or with backend=livepatch" : "");
		verdict(f, CODE_BUSY, why);
	}
}

static void find_blockers(struct findings *f)
{
	char path[PATH_LEN], line[128], advice[TEXT_LEN];

	for (unsigned int i = 0; i < FUNCS_MAX && f->funcs[i]; i++)
		find_conflict(f, f->funcs[i]);
	if (file_read_line(cli_path(path, "/proc/sys/kernel/ftrace_enabled"), line,
			   sizeof(line)) && !strcmp(line, "0"))
		verdict(f, CODE_BUSY,
			"ftrace is switched off; switch it on with: sysctl kernel.ftrace_enabled=1");
	file_read_line(cli_path(path, "/sys/module/module/parameters/sig_enforce"),
		       line, sizeof(line));
	f->signed_only = *line == 'Y';
	if (file_read_line(cli_path(path, "/sys/kernel/security/lockdown"), line,
			   sizeof(line)) && !strstr(line, "[none]"))
		f->signed_only = true;
	if (installed_find(f->module, sizeof(f->module)) || snapshot_loaded())
		return;
	installed_how_to_get(advice, sizeof(advice));
	verdict(f, CODE_NO_MODULE, advice);
}

/* Return the highest limit for loops that the module accepts on this kernel. */
static unsigned int max_limit(const struct findings *f)
{
	const struct slc_layout *l = &f->layout;

	if (!f->funcs[0])
		return SCX_LOOP_CAP_LIMIT_MAX;
	/* Above the kernel's own cap the host is replaced as well. */
	if (l->kernel_limit && (!f->direct || !l->host_ret || !ftrace_can_patch(l->host_name)))
		return l->kernel_limit;
	return l->max_limit;
}

/* Print the functions that call the flush: each once, with the number of its calls. */
static void each_caller(const struct slc_layout *l,
			void (*print)(const struct slc_site *site, unsigned int calls))
{
	unsigned int i, j, calls;

	for (i = 0; i < l->sites.nr; i = j) {
		const struct slc_site *site = &l->sites.site[i];

		calls = 1;
		for (j = i + 1; j < l->sites.nr && l->sites.site[j].func == site->func; j++)
			calls++;
		print(site, calls);
	}
}

static void row(const char *name, const char *value)
{
	printf("%-*s  %s\n", WIDTH, name, value);
}

static void caller_row(const struct slc_site *site, unsigned int calls)
{
	static const char * const roles[] = {
		[SLC_SITE_ROOT] = "outermost loop",
		[SLC_SITE_NESTED] = "nested loop",
		[SLC_SITE_PASS] = "no loop",
	};
	char text[TEXT_LEN];

	snprintf(text, sizeof(text), "%s: %s, %u call%s", site->func, roles[site->role],
		 calls, calls == 1 ? "" : "s");
	row("caller", text);
}

static void caller_json(const struct slc_site *site, unsigned int calls)
{
	static const char * const roles[] = {
		[SLC_SITE_ROOT] = "outermost",
		[SLC_SITE_NESTED] = "nested",
		[SLC_SITE_PASS] = "none",
	};
	static const char *comma = "";

	printf("%s\n    { \"function\": ", comma);
	json_string(stdout, site->func);
	printf(", \"loop\": \"%s\", \"calls\": %u }", roles[site->role], calls);
	comma = ",";
}

static const char *result(const struct findings *f)
{
	switch (f->code) {
	case CODE_OK:
		return snapshot_loaded() ? "loaded" : "can be loaded";
	case CODE_UNSUPPORTED:
		return "not supported";
	case CODE_CANNOT_TELL:
		return "cannot tell";
	case CODE_BUSY:
		return "supported, but blocked";
	default:
		return "supported, but there is no module for this kernel";
	}
}

/* "A, B and C, as called by D" */
static void list_functions(const struct findings *f, char *text, size_t size)
{
	size_t len = 0;

	for (unsigned int i = 0; i < FUNCS_MAX && f->funcs[i]; i++)
		len += snprintf(text + len, size - len, "%s%s", !i ? "" :
				i + 1 < FUNCS_MAX && f->funcs[i + 1] ? ", " : " and ",
				f->funcs[i]);
	snprintf(text + len, size - len, ", as called by %s", f->layout.host_name);
}

static void show_table(const struct findings *f)
{
	const struct slc_layout *l = &f->layout;
	char text[TEXT_LEN];

	row("kernel", kernel_release());
	if (f->funcs[0]) {
		list_functions(f, text, sizeof(text));
		row("patches", text);
		each_caller(l, caller_row);
		if (l->kernel_limit)
			snprintf(text, sizeof(text), "%u", l->kernel_limit);
		else if (l->max_limit != SCX_LOOP_CAP_LIMIT_MAX)
			snprintf(text, sizeof(text),
				 "0  (the kernel may have a cap of its own of %u)",
				 l->max_limit);
		else
			snprintf(text, sizeof(text), "0  (the kernel has no cap of its own)");
		row("kernel_limit", text);
		snprintf(text, sizeof(text), "%u", max_limit(f));
		row("max_limit", text);
		row("nested", l->sub_dispatch ? "yes" : "no");
		row("livepatch", f->livepatch ? "yes" : "no  (CONFIG_LIVEPATCH)");
		row("direct", f->direct ? "yes" : "no  (" DIRECT_CONFIG ")");
		row("backend", f->backend);
		row("others", *f->others ? f->others : "none");
	}
	row("module", *f->module ? f->module : "not installed for this kernel");
	if (f->signed_only)
		row("signature", "required");
	row("result", result(f));
	if (*f->why)
		row("why", f->why);
}

static void json_row(const char *name, const char *value)
{
	printf(",\n  \"%s\": ", name);
	if (value && *value)
		json_string(stdout, value);
	else
		printf("null");
}

static void show_json(const struct findings *f)
{
	static const char * const results[] = {
		[CODE_OK] = "ok",
		[CODE_UNSUPPORTED] = "unsupported",
		[CODE_CANNOT_TELL] = "cannot-tell",
		[CODE_BUSY] = "busy",
		[CODE_NO_MODULE] = "no-module",
	};
	const struct slc_layout *l = &f->layout;

	printf("{\n  \"result\": \"%s\"", results[f->code]);
	json_row("why", f->why);
	json_row("kernel", kernel_release());
	json_row("module", f->module);
	printf(",\n  \"signature_required\": %s,\n  \"loaded\": %s",
	       f->signed_only ? "true" : "false",
	       snapshot_loaded() ? "true" : "false");
	printf(",\n  \"functions\": [");
	for (unsigned int i = 0; i < FUNCS_MAX && f->funcs[i]; i++) {
		if (i)
			printf(", ");
		json_string(stdout, f->funcs[i]);
	}
	printf("]");
	json_row("host", f->funcs[0] ? l->host_name : NULL);
	printf(",\n  \"callers\": [");
	if (f->funcs[0])
		each_caller(l, caller_json);
	printf("%s]", f->funcs[0] ? "\n  " : "");
	json_row("others", f->others);
	if (f->funcs[0]) {
		printf(",\n  \"kernel_limit\": %u,\n  \"max_limit\": %u,\n  \"nested\": %s",
		       l->kernel_limit, max_limit(f), l->sub_dispatch ? "true" : "false");
		printf(",\n  \"livepatch\": %s,\n  \"direct\": %s",
		       f->livepatch ? "true" : "false",
		       f->direct ? "true" : "false");
		json_row("backend", f->backend);
	}
	printf("\n}\n");
}

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
		{ "backend", required_argument, NULL, 'b' },
		{ "condition", no_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "quiet", no_argument, NULL, 'q' },
		{}
	};
	bool condition = false, json = false, quiet = false;
	const char *backend = NULL;
	struct findings f = {};
	int opt, code;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (opt) {
		case 'b':
			backend = optarg;
			break;
		case 'c':
			condition = true;
			break;
		case 'j':
			json = true;
			break;
		case 'q':
			quiet = true;
			break;
		default:
			return cli_bad_option(argv, opt);
		}
	}
	if (argv[optind])
		return cli_error(CODE_USAGE, "check takes no argument \"%s\"",
				 argv[optind]);
	find_layout(&f);
	code = find_backend(&f, backend);
	if (!code)
		code = find_limit(&f, "limit", SCX_LOOP_CAP_LIMIT_MIN, max_limit(&f));
	if (!code)
		code = find_limit(&f, "pick_limit", 0, SCX_LOOP_CAP_PICK_LIMIT_MAX);
	if (!code) {
		find_blockers(&f);
		if (json)
			show_json(&f);
		else if (!quiet)
			show_table(&f);
		code = f.code;
		if (code && (quiet || json))
			cli_warn("%s: %s", result(&f), f.why);
	}
	/*
	 * Skip the service only on an unsupported kernel. Let it fail for all problems that
	 * can be solved, so that they are noticed.
	 */
	if (condition && f.misconfigured)
		code = CODE_OK;
	else if (condition && code != CODE_USAGE)
		code = code == CODE_UNSUPPORTED ? CODE_FAILED : CODE_OK;
	running_close();
	return code;
}
