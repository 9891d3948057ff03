// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap set */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "../include/scx_loop_cap.h"
#include "cli.h"
#include "files.h"
#include "kmsg.h"
#include "modprobe_conf.h"
#include "snapshot.h"

/* Write the limit to sysfs. */
static int set_now(const char *knob, const char *value)
{
	char path[PATH_LEN], why[512];
	int err, log;

	log = kmsg_open();
	err = file_write(cli_path(path, SYSFS_DIR "/%s", knob), value);
	kmsg_last_line(log, "limit not set: ", why, sizeof(why));
	if (!err) {
		printf("%s is now %s\n", knob, value);
		return CODE_OK;
	}
	if (*why)
		return cli_error(err == EBUSY ? CODE_BUSY : CODE_FAILED,
				 "%s was not changed: %s", knob, why);
	if (err == ERANGE)
		return cli_error(CODE_FAILED,
				 "%s was not changed: this kernel does not support %s; set at most max_limit, which check shows",
				 knob, value);
	if (err == EBUSY)
		return cli_error(CODE_BUSY,
				 "%s was not changed: another patch is on the function that contains the dispatch loop; see dmesg, and set it again when that patch is removed",
				 knob);
	return cli_error(CODE_FAILED, "%s was not changed: %s%s", knob,
			 strerror(err), cli_errno_hint(err));
}

/* Write the limit to modprobe.d, for the next load. */
static int set_persistent(const char *knob, const char *value)
{
	char effective[64];
	int err;

	err = conf_set(knob, value);
	if (err)
		return cli_error(CODE_FAILED, CONF_FILE " was not changed: %s%s",
				 strerror(err), cli_errno_hint(err));
	printf("%s will be %s when the module is loaded next (" CONF_FILE ")\n", knob,
	       value);
	if (conf_get(knob, effective, sizeof(effective)) && strcmp(effective, value))
		cli_warn("another file in modprobe.d overrides this with %s=%s; remove it there",
			 knob, effective);
	return CODE_OK;
}

int cmd_set(int argc, char **argv)
{
	static const struct option options[] = {
		{ "pick", no_argument, NULL, 'p' },
		{ "persist", no_argument, NULL, 's' },
		{}
	};
	unsigned long long value, min = SCX_LOOP_CAP_LIMIT_MIN,
		max = SCX_LOOP_CAP_LIMIT_MAX;
	const char *knob = "limit";
	bool persist = false;
	char text[32];
	int opt, code;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (opt) {
		case 'p':
			knob = "pick_limit";
			min = 0;
			max = SCX_LOOP_CAP_PICK_LIMIT_MAX;
			break;
		case 's':
			persist = true;
			break;
		default:
			return cli_bad_option(argv, opt);
		}
	}
	if (!argv[optind] || argv[optind + 1])
		return cli_error(CODE_USAGE, "set takes one number, %llu to %llu",
				 min, max);
	if (!cli_parse_number(argv[optind], min, max, &value))
		return cli_error(CODE_USAGE, "%s must be %llu to %llu, not \"%s\"",
				 knob, min, max, argv[optind]);
	snprintf(text, sizeof(text), "%llu", value);
	if (!snapshot_loaded() && !persist)
		return cli_not_loaded();
	/* A limit that this kernel refuses is not written to modprobe.d. */
	if (snapshot_loaded()) {
		code = set_now(knob, text);
		if (code)
			return code;
	}
	return persist ? set_persistent(knob, text) : CODE_OK;
}
