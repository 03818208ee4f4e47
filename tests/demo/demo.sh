#!/bin/sh
# The demo: a hub on loopback with an invented unit, two beats, and four
# people; then the screens of one of them. demo.sh [officer|sergeant|
# coordinator|chen]. Without a terminal it plays the story as commands.
set -eu
as=${1:-officer}
programs=$(cd "$BUILD" && pwd)
place=$programs/demo

say() {
	printf '\n%s\n' "$*"
}

hub() {
	"$programs/beatbook-hub" -d "$place/hub" "$@"
}

# PERSON COMMAND…: run one of the client's commands on their replica.
as_person() {
	replica=$place/$1.db
	shift
	"$programs/beatbook" -r "$replica" "$@"
}

# Run it, showing it as it would be typed.
show_as() {
	who=$1
	shift
	printf '\n%s$ beatbook' "$who"
	for word; do
		case $word in
		*[!A-Za-z0-9_/=:.,+@-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	printf '\n'
	as_person "$who" "$@"
}

# Two invented beats, side by side.
beats() {
	cat <<-'JSON'
	{"type":"FeatureCollection","features":[
	{"type":"Feature","properties":{"beat":"14A","name":"Harbor"},
	"geometry":{"type":"Polygon","coordinates":[[[-122.30,37.80],
	[-122.28,37.80],[-122.28,37.82],[-122.30,37.82],[-122.30,37.80]]]}},
	{"type":"Feature","properties":{"beat":"14B","name":"Riverside North"},
	"geometry":{"type":"Polygon","coordinates":[[[-122.28,37.80],
	[-122.26,37.80],[-122.26,37.82],[-122.28,37.82],[-122.28,37.80]]]}}]}
	JSON
}

make_hub() {
	mkdir -p "$place"
	hub init --profile oakland --timezone America/Los_Angeles
	beats >"$place/beats.geojson"
	hub import beats "$place/beats.geojson" --code beat --name name
	hub unit add A1 --name 'Area 1' --kind area --beats 14A,14B
	hub member add 900 --name Mota --access sergeant \
		--role cro_sergeant --unit A1
	hub member add 4471 --name Ibarra --access officer --role cro \
		--unit A1 --beats 14B
	hub member add 4480 --name Chen --access officer --role cro \
		--unit A1 --beats 14A,14B
	hub member add 5210 --name Okafor --access coordinator \
		--role neighborhood_service_coordinator --unit A1 \
		--beats 14A,14B
}

start_hub() {
	: >"$place/address" # tail must find it, also before the hub runs
	setsid "$programs/beatbook-hub" -d "$place/hub" serve --listen "127.0.0.1:$1" >>"$place/address" \
		2>"$place/hub.log" </dev/null 9>&- &
	hub_pid=$!
	echo "$hub_pid" >"$place/pid"
	tail -f --pid="$hub_pid" "$place/address" 2>/dev/null |
		grep -q -m1 'listening on' || {
		cat "$place/hub.log" >&2
		exit 1
	}
	address=$(sed -n 's/^listening on //p' "$place/address")
	echo "$address" >"$place/where"
}

stop_hub() {
	[ -n "${hub_pid:-}" ] || return 0
	kill "$hub_pid" 2>/dev/null || true
	wait "$hub_pid" 2>/dev/null || true
	rm -f "$place/pid"
}

hub_runs() {
	[ -f "$place/pid" ] && kill -0 "$(cat "$place/pid")" 2>/dev/null
}

enroll() {
	hub invite "$2" | as_person "$1" enroll "http://$address" \
		--badge "$2" --code - --device demo
}

# add PERSON KIND FIELD=VALUE…: prints KIND/ID.
add() {
	as_person "$@"
}

project() {
	owner=$1 beat=$2 stage=$3 title=$4
	shift 4
	as_person "$owner" add project "title=$title" "beat_ids=$beat" \
		"stage=$stage" "$@"
}

# What two officers, a coordinator and a sergeant have been doing.
write_story() {
	council=$(add okafor add council \
		'name=Riverside Neighborhood Council' \
		kind=neighborhood_council beat_ids=14B nsc_id=5210)
	council=${council#council/}
	add okafor add council 'name=Harbor Neighborhood Council' \
		kind=neighborhood_council beat_ids=14A nsc_id=5210 >/dev/null
	manager=$(add ibarra add contact 'name=Dana Whitfield' \
		'title=Night manager, Sunset Motel' beat_ids=14B \
		leader_kind=informal leader_role=business_owner)
	add ibarra add contact 'name=Rosa Lind' 'title=Block captain, Elm St' \
		beat_ids=14B leader_kind=informal \
		leader_role=block_captain >/dev/null
	add chen add contact 'name=Theo Brandt' 'title=Harbor Garage manager' \
		beat_ids=14A leader_kind=informal \
		leader_role=business_owner >/dev/null
	as_person okafor sync >/dev/null
	as_person ibarra sync >/dev/null
	as_person chen sync >/dev/null
	meeting=$(add okafor add meeting 'title=Riverside council, monthly' \
		kind=neighborhood_council_regular "council_id=$council" \
		beat_ids=14B 'starts_at=+6d 18:30' \
		'venue=Riverside branch library')
	add okafor add attendance "meeting_id=${meeting#meeting/}" \
		member_id=4471 capacity=assigned_officer status=assigned \
		>/dev/null
	car=$(add okafor add priority 'title=Break-ins around the garage' \
		source=neighborhood_council "council_id=$council" \
		beat_ids=14B status=active seriousness=more_serious lead=cro \
		category=vehicle_burglary)
	add okafor add priority 'title=Dumping behind the library' \
		source=neighborhood_council "council_id=$council" \
		beat_ids=14B status=active seriousness=less_serious lead=nsc \
		category=illegal_dumping >/dev/null
	garage=$(project ibarra 14B response 'Harbor Garage lot B, break-ins' \
		opened_on=-70d "priority_ids=${car#priority/}" \
		'goal=Break-ins from 14 in 28 days to 7 by the end of August.' \
		'problem=Cars with bags in view are broken into between 18:00
and 23:00, mostly in bays 3 to 5, where two lights are dark.')
	motel=$(project ibarra 14B assessment 'Sunset Motel, disturbances' \
		opened_on=-120d)
	project ibarra 14B scanning 'Speeding at Lincoln school' \
		opened_on=-5d >/dev/null
	project ibarra 14B scanning 'River road racing' opened_on=-20d >/dev/null
	project ibarra 14B analysis 'Package thefts, Oak Hill flats' \
		opened_on=-33d >/dev/null
	project ibarra 14B response 'Welfare visits, Pine Terrace' \
		opened_on=-50d >/dev/null
	project ibarra 14B assessment 'Front Street lighting' opened_on=-200d \
		status=closed closed_on=-10d outcome=successful >/dev/null
	project chen 14A scanning 'Encampment under the rail bridge' \
		opened_on=-12d >/dev/null
	project chen 14A analysis 'Bicycle thefts at the ferry' \
		opened_on=-44d >/dev/null
	project chen 14A,14B response 'Late noise, 1200 block Elm' \
		opened_on=-61d >/dev/null
	project chen 14A assessment 'Graffiti, Dock Street underpass' \
		opened_on=-150d >/dev/null
	project chen 14A scanning 'Scooters on the promenade' \
		opened_on=-2d >/dev/null
	add ibarra add project_update "project_id=${garage#project/}" \
		'text=Manager says the work order for the bay 4 light was filed
twice and closed both times without a visit. Will meet facilities.' \
		>/dev/null
	add ibarra add response_action "project_id=${garage#project/}" \
		'text=Signs at both pay stations' approach=prevention \
		kind=environmental_design status=done done_on=-11d >/dev/null
	add ibarra add assessment "project_id=${motel#project/}" \
		'measure=calls in 28 days' measure_kind=calls_for_service \
		baseline=21 target=10 result=9 finding=effective >/dev/null
	add ibarra add action_item "source_id=$garage" owner_id=4471 \
		'text=Call the garage manager back about bay 4' due_on=-2d \
		>/dev/null
	add ibarra add action_item "source_id=$manager" owner_id=4471 \
		'text=Six-week measure for the motel' due_on=today >/dev/null
	add ibarra add concern 'text=Cars race past the school at 14:30' \
		source=resident beat_id=14B answer_owed=yes \
		answer_owner_id=4471 answer_due_on=+3d category=traffic \
		>/dev/null
	add ibarra add place 'address=Sunset Motel, 410 Front St' beat_id=14B \
		kind=top_calls_location calls_count=21 rank=1 \
		"project_id=${motel#project/}" >/dev/null
	add ibarra add place 'address=Harbor Garage lot B' beat_id=14B \
		kind=violent_crime_hot_spot calls_count=14 rank=2 \
		"project_id=${garage#project/}" >/dev/null
	add ibarra add place 'address=1200 block Elm St' beat_id=14B \
		kind=top_calls_location calls_count=9 rank=3 >/dev/null
	add ibarra add handover beat_id=14B \
		'text=Motel night clerk is now Dana, works Tue-Sat.' >/dev/null
	as_person ibarra sync >/dev/null
	as_person chen sync >/dev/null
	echo "$garage" >"$place/garage"
}

# Both offline, the same field: the one who wrote later wins, nobody loses.
write_conflict() {
	garage=$(cat "$place/garage")
	as_person ibarra set "$garage" \
		'goal=Cut break-ins by half by the end of August.'
	as_person chen set "$garage" \
		'goal=Cut break-ins by half by 30 September, cameras at bay 4.'
	as_person chen add project_update "project_id=${garage#project/}" \
		'text=Walked the lot, 7 cars with bags in view.' >/dev/null
	as_person ibarra sync >/dev/null
	as_person chen sync >/dev/null
	as_person ibarra sync >/dev/null
	as_person mota sync >/dev/null
	as_person okafor sync >/dev/null
}

make_all() {
	echo "Making a hub with an invented unit in $place …"
	rm -rf "$place"
	make_hub >/dev/null
	start_hub 0
	for pair in ibarra:4471 chen:4480 okafor:5210 mota:900; do
		enroll "${pair%:*}" "${pair#*:}" >/dev/null
	done
	write_story
	write_conflict
	touch "$place/ready"
}

# A hub that runs is joined; one that was made before is started again where
# its replicas know it. One demo at a time looks: the other waits.
find_hub() {
	mkdir -p "$programs"
	exec 9>"$programs/demo.lock"
	flock 9
	if [ -f "$place/ready" ] && hub_runs; then
		hub_pid=
	elif [ -f "$place/ready" ]; then
		start_hub "$(sed 's/.*://' "$place/where")"
	else
		make_all
	fi
	flock -u 9
}

play_story() {
	garage=$(cat "$place/garage")
	say "An officer's own open projects:"
	show_as ibarra list project owner_id:me status:open
	say "One of them, with what belongs to it:"
	show_as ibarra show "$garage"
	say "What two people set without having seen each other's value:"
	show_as ibarra conflicts
	say "The officer takes the other text back, and sends it:"
	show_as ibarra resolve "$garage" goal take
	show_as ibarra status
	show_as ibarra sync
	say "The sergeant sees every step of it after a sync:"
	show_as mota sync
	show_as mota log "$garage"
	say "Everything can be found again:"
	show_as okafor sync
	show_as okafor find garage
	say "And both sides can be checked:"
	show_as ibarra verify
	printf '\n$ beatbook-hub audit verify\n'
	hub audit verify
}

case $as in
officer | ibarra) person=ibarra ;;
sergeant | mota) person=mota ;;
coordinator | okafor) person=okafor ;;
chen) person=chen ;;
*)
	echo "demo: AS=$as is nobody here: officer, sergeant, coordinator" \
		"or chen" >&2
	exit 2
	;;
esac

trap stop_hub EXIT
trap 'exit 130' INT TERM HUP
if [ -t 0 ] && [ -t 1 ]; then
	find_hub
	as_person "$person" open
else
	make_all
	play_story
	rm -f "$place/ready" # its conflict is settled: the screens begin anew
fi
