// SPDX-License-Identifier: GPL-2.0
/* See oracle.h. */
#include "../../module/gate/hit.h"
#include "../../module/report/stats.h"
#include "../../module/resolve/layout.h"

#include "adapter.h"
#include "oracle.h"

#define LEVELS		8
#define BUCKETS		16

/* A hit that was noted. */
struct expected_hit {
	u64		nr;
	u32		cpu;
	u32		rounds;
	u32		limit;
	u32		pick_rounds;
	u32		pick_limit;
	u8		kinds;
	u32		level;
	u64		cgroup;
	u64		instance;
	const struct sched *sch;
	char		name[128];
};

/* A scheduler that hit on a CPU. */
struct expected_sched {
	struct expected_hit last;
	u64		hits;
	u64		pick_hits;
	u64		before;
	u64		pick_before;
	u32		max_rounds;
	u32		max_pick_rounds;
};

static struct oracle_cpu {
	/* The pick that is open, if rounds is not 0. */
	struct rq	*rq;
	u64		switches;
	u32		rounds;
	u32		loop_rounds[LEVELS];
	bool		ended;
	/* It was ended since the host began to run. */
	bool		host_ended;
	bool		child_refused;
	/* The kernel has restarted the selection of the core: rounds has those before. */
	bool		restarted;
	/*
	 * The gate does not look at the limit before this round of the outermost loop, and
	 * what it was when it looked last.
	 */
	u32		look_at;
	u32		limit;

	/* The host is replaced; the kernel's cap ended the last loop below the limit. */
	bool		rerun_armed;
	bool		cap_fired;

	bool		pending;
	struct expected_hit hit;
	struct rq	*hit_rq;
	struct task	*hit_curr;
	/* How its loop ended in truth. */
	bool		loop_ended;
	bool		loop_got_task;

	/* What must have been counted. */
	u64		hits;
	u64		pick_hits;
	u64		reported;
	u64		unknown;
	struct expected_sched scheds[SLC_HIT_SCHEDS];
	u32		nr_scheds;

	bool		kick_queued;
	bool		resched;
	u32		last_rounds;
	u32		last_pick_rounds;
	u8		noted;
	/* Since the module was loaded, and when the host was entered. */
	u64		all_rounds;
	u64		host_rounds;
} cpus[MODEL_CPUS];

static u64 total_rounds, total_loops, total_kicks, histogram[BUCKETS], nr_hits;
static u32 max_rounds, max_pick_rounds;
static bool unknown_lately;

void oracle_reset(void)
{
	memset(cpus, 0, sizeof(cpus));
	memset(histogram, 0, sizeof(histogram));
	total_rounds = 0;
	total_loops = 0;
	total_kicks = 0;
	nr_hits = 0;
	max_rounds = 0;
	max_pick_rounds = 0;
	unknown_lately = false;
}

static struct oracle_cpu *this_oracle(void)
{
	return &cpus[model_cpu];
}

/* --- loops and picks ----------------------------------------------------- */

static void close_loop(struct oracle_cpu *o, u32 level)
{
	u32 rounds = o->loop_rounds[level], bucket = 0;

	if (!rounds)
		return;
	while (rounds >>= 1)
		bucket++;
	histogram[bucket]++;
	o->loop_rounds[level] = 0;
}

/* Loops that are deeper than the level of a round are over. */
static void close_deeper(struct oracle_cpu *o, u32 level)
{
	u32 l;

	for (l = level + 1; l < LEVELS; l++)
		close_loop(o, l);
}

/* After a restart the pick goes on with the next loop. */
static void close_pick(struct oracle_cpu *o)
{
	close_deeper(o, 0);
	close_loop(o, 0);
	o->child_refused = false;
	o->look_at = 0;
	if (o->restarted)
		return;
	o->rounds = 0;
	o->ended = false;
}

/* By these it is known that this CPU has made another scheduling decision. */
static u64 switches(void)
{
	return sim_rq(model_cpu)->nr_switches;
}

static void begin_pick(struct oracle_cpu *o, struct rq *rq)
{
	if (o->switches != switches())
		o->restarted = false;
	if (o->rounds)
		close_pick(o);
	o->host_ended = false;
	o->rq = rq;
	o->switches = switches();
}

u32 oracle_limit(void)
{
	return this_oracle()->limit;
}

u32 oracle_last_rounds(void)
{
	return this_oracle()->last_rounds;
}

u32 oracle_pick_rounds(void)
{
	return this_oracle()->last_pick_rounds;
}

u8 oracle_noted(void)
{
	return this_oracle()->noted;
}

bool oracle_hit_is_pending(void)
{
	return this_oracle()->pending;
}

/* --- hits ---------------------------------------------------------------- */

static struct expected_sched *sched_entry(struct oracle_cpu *o, const struct expected_hit *hit)
{
	struct expected_sched *s, *oldest = o->scheds;

	for (s = o->scheds; s < o->scheds + o->nr_scheds; s++) {
		if (!strcmp(s->last.name, hit->name) && s->last.cgroup == hit->cgroup)
			return s;
		if (s->last.nr < oldest->last.nr)
			oldest = s;
	}
	if (o->nr_scheds < SLC_HIT_SCHEDS)
		oldest = &o->scheds[o->nr_scheds++];
	memset(oldest, 0, sizeof(*oldest));
	return oldest;
}

static void count_hit(struct oracle_cpu *o)
{
	const struct expected_hit *hit = &o->hit;
	struct expected_sched *s = sched_entry(o, hit);
	bool loop = hit->kinds & SLC_HIT_LOOP, pick = hit->kinds & SLC_HIT_PICK;

	if (s->last.sch != hit->sch || s->last.instance != hit->instance) {
		s->before = s->hits;
		s->pick_before = s->pick_hits;
		s->max_rounds = 0;
		s->max_pick_rounds = 0;
	}
	s->last = *hit;
	s->hits += loop;
	s->pick_hits += pick;
	s->max_rounds = max(s->max_rounds, hit->rounds);
	s->max_pick_rounds = max(s->max_pick_rounds, hit->pick_rounds);
	o->hits += loop;
	o->pick_hits += pick;
	sim_stats.hits += loop;
	sim_stats.pick_hits += pick;
}

/* The pending hit is one, unless the run queue got a task. */
static void settle(struct oracle_cpu *o, bool got_task)
{
	if (!o->pending)
		return;
	o->pending = false;
	/* The rule is wrong only if others change the run queue, or a higher class has the CPU. */
	if (o->loop_ended && got_task != o->loop_got_task) {
		CHECK(o->hit_rq->disturbed || (got_task && sim_class_is_higher(o->hit_rq->curr)));
		sim_stats.settled_otherwise++;
	}
	if (!got_task) {
		count_hit(o);
		return;
	}
	sim_stats.dropped++;
	if (o->hit.kinds & SLC_HIT_PICK) {
		o->ended = false;
		o->host_ended = false;
		sim_pick_goes_on();
	}
}

static bool got_task(const struct oracle_cpu *o)
{
	const struct task *curr = o->hit_rq ? o->hit_rq->curr : NULL;

	if (!o->pending)
		return false;
	return o->hit_rq->local_nr || (curr->class != &sim_idle_class && curr != o->hit_curr);
}

void oracle_settle(void)
{
	struct oracle_cpu *o = this_oracle();

	settle(o, got_task(o));
}

static void queue_kick(u32 cpu, bool resched)
{
	if (!(model_online >> cpu & 1))
		cpu = model_cpu;
	cpus[cpu].kick_queued = true;
	if (!resched)
		return;
	total_kicks += !cpus[cpu].resched;
	cpus[cpu].resched = true;
}

void oracle_queue_callback(void)
{
	queue_kick(model_cpu, false);
}

bool oracle_kick_pending(void)
{
	return this_oracle()->kick_queued;
}

static u64 instance_of(const struct sched *sch)
{
	return sim_kernel.instances && sch && sch->node ? sch->node->id : 0;
}

static void note_hit(struct oracle_cpu *o, struct rq *rq, struct sched *sch, u32 level, u8 kinds,
		     bool again, bool kernel_ends_it)
{
	struct expected_hit *hit = &o->hit;

	memset(hit, 0, sizeof(*hit));
	hit->nr = ++nr_hits;
	hit->cpu = rq->cpu;
	hit->rounds = o->loop_rounds[level];
	hit->limit = limits_loop;
	hit->pick_rounds = o->rounds;
	hit->pick_limit = limits_bound();
	hit->kinds = kinds;
	hit->level = level;
	hit->cgroup = level ? sch->cgroup : 1;
	/* Where the flush is not told which one it is there is only one. */
	hit->sch = sch;
	if (sim_kernel.flush_args != SLC_FLUSH_SCH_RQ)
		hit->sch = sim_kernel.root_unknown ? NULL : sim_root;
	hit->instance = instance_of(hit->sch);
	strcpy(hit->name, sch->name);
	o->hit_rq = rq;
	o->hit_curr = rq->curr;
	o->loop_ended = false;
	rq->disturbed = false;
	o->pending = again && (sim_kernel.global_at == SLC_GLOBAL_NONE ||
			       sch->node_0.global_dsq.nr);
	if (!o->pending)
		count_hit(o);
	/* The CPU that counts the hit reports it. */
	if (rq->cpu != model_cpu)
		queue_kick(model_cpu, false);
	queue_kick(rq->cpu, !kernel_ends_it);
}

/* --- what happens -------------------------------------------------------- */

/* In which round the gate looks at the limit again: the next 32nd, or one of the kernel's cap. */
static u32 next_look(u32 rounds)
{
	u32 next = min(limits_loop, rounds / 32 * 32 + 32), cap = sim_known_cap();

	if (cap)
		next = min(next, rounds / cap * cap + cap);
	return next;
}

bool oracle_round(struct rq *rq, struct sched *sch, u32 level, u32 nr_tasks)
{
	struct oracle_cpu *o = this_oracle();
	bool kept, again, full, cap_fires, kernel_ends_it, only;
	u32 rounds;
	u8 kinds = 0;

	/* Of a sibling it is not known which task was current when the loop began. */
	kept = rq->cpu == model_cpu && (rq->curr->flags & SIM_QUEUED) && rq->curr->slice;
	again = nr_tasks && !rq->local_nr && !kept;

	o->cap_fired = false;
	o->noted = 0;
	if (!o->rounds || o->rq != rq || o->switches != switches())
		begin_pick(o, rq);
	close_deeper(o, level);
	total_loops += !o->loop_rounds[level];
	total_rounds++;
	o->all_rounds++;
	sim_stats.rounds++;
	o->rounds++;
	rounds = ++o->loop_rounds[level];
	o->last_rounds = rounds;
	o->last_pick_rounds = o->rounds;
	max_rounds = max(max_rounds, rounds);
	max_pick_rounds = max(max_pick_rounds, o->rounds);

	only = o->rounds == o->loop_rounds[0];
	if (again && only && rounds < o->look_at)
		return false;
	o->look_at = 0;
	o->limit = limits_loop;

	cap_fires = sim_known_cap() && rounds % sim_known_cap() == 0;
	/* Under core scheduling the kernel may have counted fewer rounds. */
	kernel_ends_it = again && cap_fires && !rq->core_enabled;
	/* A pick that is one loop has the limit of a loop. */
	full = o->rounds > rounds && o->rounds >= limits_bound() && (again || o->restarted);
	if (again && rounds >= limits_loop)
		kinds |= SLC_HIT_LOOP;
	if (full || o->child_refused) {
		if (!o->ended)
			kinds |= SLC_HIT_PICK;
		o->ended = true;
		o->host_ended = true;
	}
	o->child_refused = false;
	o->noted = kinds;
	if (kinds)
		note_hit(o, rq, sch, level, kinds, again, kernel_ends_it);
	if (again && !kinds && !o->ended) {
		if (!cap_fires) {
			o->look_at = only ? next_look(rounds) : 0;
			return false;
		}
		if (o->rerun_armed) {
			o->cap_fired = true;
			return false;
		}
		/* The kernel ends it. */
		kernel_ends_it = true;
	}
	if (level)
		close_loop(o, level);
	else
		close_pick(o);
	return again && !kernel_ends_it;
}

void oracle_loop_ended(struct rq *rq, u32 level, bool task)
{
	struct oracle_cpu *o = this_oracle();

	if (!o->pending || o->loop_ended || o->hit_rq != rq || o->hit.level != level)
		return;
	o->loop_ended = true;
	o->loop_got_task = task;
}

bool oracle_refuses_child(void)
{
	struct oracle_cpu *o = this_oracle();

	if (!o->ended && o->rounds < limits_bound())
		return false;
	if (o->switches != switches())
		return false;
	o->child_refused = true;
	o->look_at = 0;
	sim_stats.refused++;
	return true;
}

bool oracle_child_ran(u32 level, bool task)
{
	struct oracle_cpu *o = this_oracle();
	bool fired = o->cap_fired;

	o->cap_fired = false;
	if (fired && !task) {
		sim_stats.reruns++;
		return true;
	}
	settle(o, task);
	close_deeper(o, level - 1);
	return false;
}

bool oracle_refuses_host(struct rq *rq)
{
	struct oracle_cpu *o = this_oracle();
	bool refuses = o->restarted && o->ended && o->switches == switches() && !rq->local_nr &&
		       !((rq->curr->flags & SIM_QUEUED) && rq->curr->slice);

	sim_stats.refused_hosts += refuses;
	if (refuses)
		queue_kick(rq->cpu, true);
	return refuses;
}

void oracle_host_begins(void)
{
	struct oracle_cpu *o = this_oracle();

	o->host_rounds = o->all_rounds;
	o->host_ended = false;
	o->rerun_armed = sim_known_cap() && limits_loop > sim_known_cap();
}

bool oracle_host_ran(struct rq *rq, bool task)
{
	struct oracle_cpu *o = this_oracle();
	bool fired = o->cap_fired;

	o->cap_fired = false;
	if (!fired || o->rq != rq)
		return false;
	if (task || rq->balance_callback || rq->clock_flags != SIM_CLOCK_UPDATED) {
		close_pick(o);
		return false;
	}
	sim_stats.reruns++;
	return true;
}

void oracle_host_ends(struct rq *rq, bool restarts)
{
	struct oracle_cpu *o = this_oracle();
	u64 rounds = o->all_rounds - o->host_rounds;
	bool ended = o->host_ended;

	/* Whatever was seen of its loops, they are over. */
	if (o->rerun_armed || (sim_kernel.picks_restart && rq->core_enabled))
		close_pick(o);
	o->rerun_armed = false;
	o->cap_fired = false;
	if (!sim_kernel.picks_restart || !restarts)
		return;
	if (o->switches != switches())
		o->restarted = false;
	/* The loops are over, but a pick that was restarted before goes on. */
	close_pick(o);
	if (!rounds || o->restarted)
		return;
	begin_pick(o, rq);
	o->restarted = true;
	o->rounds = (u32)rounds;
	o->ended = ended;
	/* When that runs the selection is made. */
	queue_kick(model_cpu, false);
}

bool oracle_kicked(void)
{
	struct oracle_cpu *o = this_oracle();
	bool resched = o->resched;

	o->resched = false;
	o->kick_queued = false;
	settle(o, got_task(o));
	o->restarted = false;
	close_pick(o);
	return resched;
}

bool oracle_unreported(void)
{
	struct oracle_cpu *o = this_oracle();
	u64 sum = o->hits + o->pick_hits;
	bool more = sum != o->reported;

	o->reported = sum;
	return more;
}

void oracle_unknown(void)
{
	this_oracle()->unknown++;
	unknown_lately = true;
}

void oracle_time_passes(void)
{
	unknown_lately = false;
}

/* --- the comparison ------------------------------------------------------ */

static void same(const char *what, u64 gate, u64 expected)
{
	char text[160];

	if (gate == expected)
		return;
	snprintf(text, sizeof(text), "%s: %llu expected, the gate has %llu", what, expected, gate);
	sim_fail(__FILE__, __LINE__, text);
}

static const struct expected_sched *find_expected(const struct oracle_cpu *o,
						  const struct slc_hit_sched *sched)
{
	const struct expected_sched *s;

	for (s = o->scheds; s < o->scheds + o->nr_scheds; s++) {
		if (!strcmp(s->last.name, sched->last.sched.ops) &&
		    s->last.cgroup == sched->last.sched.cgroup)
			return s;
	}
	return NULL;
}

static void compare_scheds(int cpu)
{
	const struct oracle_cpu *o = &cpus[cpu];
	const struct expected_sched *e;
	struct slc_hit_sched sched;
	u32 i, nr = 0;

	for (i = 0; i < SLC_HIT_SCHEDS; i++) {
		if (!slc_hit_read(cpu, i, &sched))
			continue;
		nr++;
		e = find_expected(o, &sched);
		CHECK(e);
		same("hits of a scheduler", sched.hits, e->hits);
		same("pick hits of a scheduler", sched.pick_hits, e->pick_hits);
		same("hits before it was loaded", sched.before, e->before);
		same("pick hits before it was loaded", sched.pick_before, e->pick_before);
		same("rounds of its longest loop", sched.max_rounds, e->max_rounds);
		same("rounds of its longest pick", sched.max_pick_rounds, e->max_pick_rounds);
		same("CPU of its last hit", sched.last.cpu, e->last.cpu);
		same("rounds of its last hit", sched.last.rounds, e->last.rounds);
		same("limit of its last hit", sched.last.limit, e->last.limit);
		same("pick rounds of its last hit", sched.last.pick_rounds, e->last.pick_rounds);
		same("pick limit of its last hit", sched.last.pick_limit, e->last.pick_limit);
		same("kinds of its last hit", sched.last.kinds, e->last.kinds);
		same("its level", sched.last.sched.level, e->last.level);
		same("its instance", sched.last.sched.instance, e->last.instance);
	}
	same("schedulers that hit", nr, o->nr_scheds);
}

/* Is a scheduler loaded, and was not loaded again? What cannot be known is taken for yes. */
static bool is_loaded(const struct slc_sched_id *id)
{
	const struct sched *sch = id->sch;

	if (sim_kernel.levels > 1 && !sim_kernel.list_unknown)
		return sch->loaded && instance_of(sch) == id->instance;
	if (sim_kernel.root_unknown || id->level)
		return true;
	return sch == sim_root && (sim_kernel.name_in_ops || instance_of(sch) == id->instance);
}

static void compare_loaded(int cpu)
{
	struct slc_hit_sched sched;
	u32 i;

	for (i = 0; i < SLC_HIT_SCHEDS; i++) {
		if (slc_hit_read(cpu, i, &sched))
			CHECK(slc_sched_is_loaded(&sched.last.sched) ==
			      is_loaded(&sched.last.sched));
	}
}

/*
 * The clock is read in the first round of a loop that goes on and in each 32nd, so the time of
 * the longest loop is known up to so many rounds.
 */
static void compare_times(void)
{
	u64 rounds = max_rounds / 32 * 32;

	CHECK(slc_stats_max_loop_ns() <= sim_elapsed_ns());
	CHECK(slc_stats_max_pick_ns() <= sim_elapsed_ns());
	if (!rounds)
		return;
	CHECK(slc_stats_max_loop_ns() >= (rounds - 1) * SIM_TICK_NS);
	CHECK(slc_stats_max_pick_ns() >= slc_stats_max_loop_ns());
}

void oracle_compare(void)
{
	u64 hits = 0, pick_hits = 0;
	int cpu, i;

	for (cpu = 0; cpu < MODEL_CPUS; cpu++) {
		CHECK(!cpus[cpu].rounds && !cpus[cpu].pending);
		CHECK(adapter_is_idle((unsigned int)cpu));
		same("hits of a CPU", slc_stats_hits_on(cpu), cpus[cpu].hits);
		same("unknown calls of the flush", adapter_unknown((unsigned int)cpu),
		     cpus[cpu].unknown);
		compare_scheds(cpu);
		compare_loaded(cpu);
		hits += cpus[cpu].hits;
		pick_hits += cpus[cpu].pick_hits;
	}
	same("rounds", slc_stats_rounds(), total_rounds);
	same("loops", slc_stats_loops(), total_loops);
	same("hits", slc_stats_hits(), hits);
	same("pick hits", slc_stats_pick_hits(), pick_hits);
	same("traced hits", sim_traced(SLC_HIT_LOOP), hits);
	same("traced pick hits", sim_traced(SLC_HIT_PICK), pick_hits);
	same("kicks", slc_stats_kicks(), total_kicks);
	same("max_rounds", slc_stats_max_rounds(), max_rounds);
	same("max_pick_rounds", slc_stats_max_pick_rounds(), max_pick_rounds);
	CHECK(slc_stats_unknown_callers() == unknown_lately);
	compare_times();
	for (i = 0; i < BUCKETS; i++)
		same("a bucket of the histogram", slc_stats_histogram((unsigned int)i),
		     histogram[i]);
}
