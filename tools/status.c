// SPDX-License-Identifier: GPL-2.0
/* scx-loop-cap status */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "files.h"
#include "output.h"
#include "snapshot.h"

typedef void output_fn(FILE *f, const struct snapshot *snap);

/* Replace the file atomically, so that a reader never sees a part of the output. */
static int write_file(const char *path, output_fn *output,
		      const struct snapshot *snap)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f;
	int err;

	f = open_memstream(&text, &len);
	if (!f)
		return cli_error(CODE_FAILED, "out of memory");
	output(f, snap);
	err = fclose(f) ? errno : file_replace(path, text, len);
	free(text);
	if (err)
		return cli_error(CODE_FAILED, "cannot write %s: %s%s", path,
				 strerror(err), cli_errno_hint(err));
	return CODE_OK;
}

int cmd_status(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "prometheus", no_argument, NULL, 'p' },
		{ "output", required_argument, NULL, 'o' },
		{}
	};
	output_fn *output = output_table, *chosen = NULL;
	const char *path = NULL;
	struct snapshot snap;
	int opt, code, ret = CODE_OK;

	while ((opt = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
		case 'p':
			output = opt == 'j' ? output_json : output_prometheus;
			if (chosen && chosen != output)
				return cli_error(CODE_USAGE,
						 "--json and --prometheus exclude each other");
			chosen = output;
			break;
		case 'o':
			path = optarg;
			break;
		default:
			return cli_bad_option(argv, opt);
		}
	}
	if (argv[optind])
		return cli_error(CODE_USAGE, "status takes no argument \"%s\"",
				 argv[optind]);
	code = snapshot_take(&snap);
	if (code == CODE_OK || code == CODE_NOT_LOADED) {
		const struct snapshot *shown = code == CODE_OK ? &snap : NULL;

		if (path)
			ret = write_file(path, output, shown);
		else
			output(stdout, shown);
	}
	snapshot_free(&snap);
	if (ret)
		return ret;
	if (code != CODE_NOT_LOADED)
		return code;
	/* With --prometheus this is a metric (scx_loop_cap_up 0) and no error. */
	return output == output_prometheus ? CODE_OK : cli_not_loaded();
}
